/** What the members of an entity are: exports of a module, properties of an object literal or a type, fields and methods of a class. */
import { isClassNode, isFunctionNode, type ClassNode, type Node, type TSESTree } from '../syntax/estree.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import { staticKeyName, staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { Bindings } from './bindings.ts';
import { driverInstance, withEvidence, type DriverEntity, type Entity } from './entity.ts';
import { ownRow } from './own-row.ts';
import { isFunctionEntity } from './resolve-value.ts';

/** What the member `name` of something of a library is. */
export function memberOfDriver(entity: DriverEntity, name: string): Entity | undefined {
  switch (entity.kind) {
    case 'module': {
      if (name === 'default') return entity;
      const row = ownRow(entity.driver.exports, name);
      const path = `${entity.path} › ${name}`;
      if (row === undefined) return undefined;
      if (row.is === 'namespace') return { ...entity, path };
      if (row.is === 'class') return { kind: 'class', driver: entity.driver, type: row.type, path };
      if (row.is === 'factory') return { kind: 'factory', driver: entity.driver, type: row.type, path };
      if (row.is === 'acquire') return { kind: 'acquirer', driver: entity.driver, row, path };
      return undefined;
    }
    case 'class':
      // `new (require('pg-pool'))()`, `Pool.Pool`: CommonJS classes that carry themselves.
      return name === 'default' || name === entity.type ? entity : undefined;
    case 'instance': {
      const row = ownRow(entity.driver.types[entity.type]?.members, name);
      return row?.effect === 'release' ? { kind: 'release-method', row } : undefined;
    }
    default:
      return undefined;
  }
}

/** What an object is whose annotation names the export `name` of a library's module. */
export function typeOfDriverExport(entity: DriverEntity, name: string): Entity | undefined {
  if (entity.kind === 'class') return name === 'default' || name === entity.type ? driverInstance(entity, 'annotation') : undefined;
  if (entity.kind !== 'module') return undefined;
  const row = ownRow(entity.driver.exports, name);
  if (row?.is !== 'class' && row?.is !== 'type') return undefined;
  return driverInstance({ driver: entity.driver, type: row.type, path: `${entity.path} › ${name}` }, 'annotation');
}

/** What the property `name` of an object literal is: the last one of the name wins, and a spread before it may have one too. */
export function memberOfObject(bindings: Bindings, node: TSESTree.ObjectExpression, name: string): Entity | undefined {
  for (const property of [...node.properties].reverse()) {
    if (property.type === 'SpreadElement') {
      const spread = bindings.entityOf(property.argument);
      const entity = spread && bindings.memberOf(spread, name);
      if (entity !== undefined) return entity;
    } else if (staticPropertyName(property) === name) {
      if (property.kind === 'init') return bindings.entityOf(property.value);
      if (property.kind === 'get' && isFunctionNode(property.value)) return bindings.resultOf({ kind: 'local-function', node: property.value });
    }
  }
  return undefined;
}

/** What the property `name` of an interface or type literal is. */
export function memberOfShape(bindings: Bindings, members: readonly TSESTree.TypeElement[], name: string): Entity | undefined {
  for (const member of members) {
    if (member.type === 'TSPropertySignature' && staticKeyName(member.key, member.computed) === name) {
      return member.typeAnnotation && bindings.entityOfType(member.typeAnnotation.typeAnnotation);
    }
  }
  return undefined;
}

/** What the field or method `name` of a class (`isStatic`) or of its instances is: declared, assigned to `this`, or inherited. */
export function memberOfClass(bindings: Bindings, node: ClassNode, name: string, isStatic: boolean): Entity | undefined {
  for (const element of node.body.body) {
    if (element.type === 'MethodDefinition' && element.static === isStatic && staticPropertyName(element) === name) {
      if (element.kind === 'method' && isFunctionNode(element.value)) return { kind: 'local-function', node: element.value };
      if (element.kind === 'get' && isFunctionNode(element.value)) return bindings.resultOf({ kind: 'local-function', node: element.value });
    }
    if (element.type === 'TSAbstractPropertyDefinition' && staticKeyName(element.key, element.computed) === name) {
      const annotated = element.typeAnnotation && bindings.entityOfType(element.typeAnnotation.typeAnnotation);
      return annotated && asMember(annotated);
    }
    if (element.type === 'PropertyDefinition' && element.static === isStatic && staticPropertyName(element) === name) {
      const annotated = element.typeAnnotation && bindings.entityOfType(element.typeAnnotation.typeAnnotation);
      if (annotated) return asMember(annotated);
      const value = element.value && bindings.entityOf(element.value);
      if (value) return asMember(value);
    }
    if (element.type === 'MethodDefinition' && element.kind === 'constructor' && !isStatic) {
      const property = parameterProperty(bindings, element, name);
      if (property !== undefined) return property;
    }
  }
  for (const value of bindings.assignedMembers(node).get(memberKey(name, isStatic)) ?? []) {
    const entity = bindings.entityOf(value);
    if (entity !== undefined && !isFunctionEntity(entity)) return asMember(entity);
  }
  const parent = node.superClass ? bindings.entityOf(node.superClass) : undefined;
  const base = parent && !isStatic ? bindings.instanceOf(parent, 'value') : undefined;
  return base && bindings.memberOf(base, name);
}

function parameterProperty(bindings: Bindings, constructor: TSESTree.MethodDefinition, name: string): Entity | undefined {
  for (const parameter of constructor.value.params) {
    if (parameter.type !== 'TSParameterProperty') continue;
    const inner = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
    if (inner.type !== 'Identifier' || inner.name !== name) continue;
    const annotated = inner.typeAnnotation && bindings.entityOfType(inner.typeAnnotation.typeAnnotation);
    if (annotated) return asMember(annotated);
    if (parameter.parameter.type === 'AssignmentPattern') return bindings.entityOf(parameter.parameter.right);
  }
  return undefined;
}

function asMember(entity: Entity): Entity {
  return entity.kind === 'instance' && entity.evidence !== 'other-file' ? withEvidence(entity, 'member') : entity;
}

/** Values assigned to the members of `this`, by class and by `memberKey`. */
export type AssignedMembers = ReadonlyMap<ClassNode, ReadonlyMap<string, readonly Node[]>>;

function memberKey(name: string, isStatic: boolean): string {
  return isStatic ? `static ${name}` : name;
}

/** Collects what the methods of the classes of a file assign to the members of `this`. */
export function collectAssignedMembers(file: FileIndex): AssignedMembers {
  const found = new Map<ClassNode, Map<string, Node[]>>();
  for (const assignment of file.selfAssignments) {
    const name = staticMemberName(unwrapExpression(assignment.left) as TSESTree.MemberExpression);
    const method = methodAround(assignment);
    const owner = method?.parent.parent;
    if (name === undefined || method === undefined || owner === undefined || !isClassNode(owner)) continue;
    const members = found.get(owner) ?? new Map<string, Node[]>();
    const key = memberKey(name, method.static);
    const values = members.get(key) ?? [];
    values.push(assignment.right);
    members.set(key, values);
    found.set(owner, members);
  }
  return found;
}

/** The method whose `this` the code at `node` sees, when it stands in the body of one; arrow functions share the `this` around them. */
function methodAround(node: Node): TSESTree.MethodDefinition | undefined {
  let child = node;
  for (let parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (isClassNode(parent) || parent.type === 'FunctionDeclaration') return undefined;
    if (parent.type === 'FunctionExpression') return parent.parent.type === 'MethodDefinition' && parent.body === child ? parent.parent : undefined;
  }
  return undefined;
}
