/** What the members of an entity are: exports of a module, properties of an object literal or a type, fields and methods of a class. */
import type { Driver, ExportRow } from '../drivers/driver.ts';
import { isFunctionNode, type ClassNode, type Node, type TSESTree } from '../syntax/estree.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import { staticKeyName, staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { Bindings } from './bindings.ts';
import { driverInstance, withEvidence, type DriverEntity, type Entity, type ShapeNode } from './entity.ts';
import { ownRow } from './own-row.ts';
import { typeOfLanguage, typeOfName } from './resolve-annotation.ts';
import { isFunctionEntity, selfOf } from './resolve-value.ts';

/** What the member `name` of something of a library is. */
export function memberOfDriver(entity: DriverEntity, name: string): Entity | undefined {
  switch (entity.kind) {
    case 'module': {
      if (name === 'default') return entity;
      return exportedEntity(entity.driver, ownRow(entity.driver.exports, name), `${entity.path} › ${name}`);
    }
    case 'class': {
      // `new (require('pg-pool'))()`, `Pool.Pool`: CommonJS classes that carry themselves.
      if (name === 'default' || name === entity.type) return entity;
      return exportedEntity(entity.driver, ownRow(entity.driver.types[entity.type]?.statics, name), `${entity.path} › ${name}`);
    }
    case 'instance': {
      const row = ownRow(entity.driver.types[entity.type]?.members, name);
      if (row?.effect === 'has') return { ...entity, type: row.type, path: `${entity.path} › ${name}` };
      return row?.effect === 'release' ? { kind: 'release-method', row } : undefined;
    }
    default:
      return undefined;
  }
}

/** What a row of the exports stands for; a type is nothing when the program runs. */
export function exportedEntity(driver: Driver, row: ExportRow | undefined, path: string): DriverEntity | undefined {
  switch (row?.is) {
    case 'namespace':
      return { kind: 'module', driver, path };
    case 'class':
      return { kind: 'class', driver, type: row.type, path };
    case 'factory':
      return { kind: 'factory', driver, type: row.type, path, row };
    case 'object':
      return driverInstance({ driver, type: row.type, path }, 'import');
    case 'acquire':
      return { kind: 'acquirer', driver, row, path };
    case 'maker':
      return { kind: 'maker', driver, row: row.of, path };
    default:
      return undefined;
  }
}

/** What an object is whose annotation names the export `name` of a library's module. */
export function typeOfDriverExport(entity: DriverEntity, name: string): Entity | undefined {
  if (entity.kind === 'class') return name === 'default' || name === entity.type ? driverInstance(entity, 'annotation') : undefined;
  if (entity.kind !== 'module') return undefined;
  const row = name === 'default' ? entity.driver.itself : ownRow(entity.driver.exports, name);
  if (row?.is !== 'class' && row?.is !== 'type') return undefined;
  return driverInstance({ driver: entity.driver, type: row.type, path: `${entity.path} › ${name}` }, 'annotation');
}

/** What the property `name` of an object literal is: the last one of the name wins, and a spread before it may have one too. */
function memberOfObject(bindings: Bindings, node: TSESTree.ObjectExpression, name: string): Entity | undefined {
  for (const property of [...node.properties].reverse()) {
    if (property.type === 'SpreadElement') {
      const spread = bindings.entityOf(property.argument);
      const entity = spread && bindings.memberOf(spread, name);
      if (entity !== undefined) return entity;
    } else if (staticPropertyName(property) === name) {
      if (property.kind === 'init') {
        const entity = bindings.entityOf(property.value) ?? bindings.entityOfJsDoc(bindings.jsDoc.typeOf(property));
        if (entity !== undefined) return entity;
      }
      if (property.kind === 'get' && isFunctionNode(property.value)) return bindings.resultOf({ kind: 'local-function', node: property.value });
    }
  }
  return assignedMember(bindings, node, memberKey(name, false));
}

/** What the property or method `name` of an interface or type literal is; those of what the interface extends are its own too. */
function memberOfShape(bindings: Bindings, node: ShapeNode, name: string): Entity | undefined {
  for (const member of node.type === 'TSTypeLiteral' ? node.members : node.body.body) {
    if (member.type === 'TSPropertySignature' && staticKeyName(member.key, member.computed) === name) {
      return member.typeAnnotation && bindings.entityOfType(member.typeAnnotation.typeAnnotation);
    }
    if (member.type === 'TSMethodSignature' && staticKeyName(member.key, member.computed) === name) {
      const signature = { kind: 'local-signature', node: member } as const;
      return member.kind === 'get' ? bindings.resultOf(signature) : signature;
    }
  }
  for (const base of basesOfShape(bindings, node)) {
    const entity = bindings.memberOf(base, name);
    if (entity !== undefined) return entity;
  }
  return undefined;
}

/** What an interface extends, as far as it is known. */
export function* basesOfShape(bindings: Bindings, node: ShapeNode): Generator<Entity> {
  for (const { expression, typeArguments } of node.type === 'TSInterfaceDeclaration' ? node.extends : []) {
    let base: Entity | undefined;
    // `extends Omit<Client, 'end'>`
    if (expression.type === 'Identifier') base = typeOfName(bindings, expression) ?? typeOfLanguage(bindings, expression, typeArguments);
    else if (expression.type === 'MemberExpression') {
      const module = bindings.entityOf(expression.object);
      const name = staticMemberName(expression);
      base = module && name !== undefined ? bindings.typeMemberOf(module, name) : undefined;
    }
    if (base !== undefined) yield base;
  }
}

/** What the field or method `name` of a class (`isStatic`) or of its instances is: declared, assigned to `this`, or inherited. */
function memberOfClass(bindings: Bindings, node: ClassNode, name: string, isStatic: boolean): Entity | undefined {
  for (const element of node.body.body) {
    if (element.type === 'MethodDefinition' && element.static === isStatic && staticPropertyName(element) === name) {
      if (element.kind === 'method' && isFunctionNode(element.value)) return { kind: 'local-function', node: element.value };
      if (element.kind === 'get' && isFunctionNode(element.value)) return bindings.resultOf({ kind: 'local-function', node: element.value });
    }
    if (element.type === 'TSAbstractMethodDefinition' && staticKeyName(element.key, element.computed) === name) {
      const { value } = element;
      const signature = value.type === 'TSEmptyBodyFunctionExpression' ? { kind: 'local-signature', node: value } as const : undefined;
      return signature && element.kind === 'get' ? bindings.resultOf(signature) : signature;
    }
    if (element.type === 'TSAbstractPropertyDefinition' && staticKeyName(element.key, element.computed) === name) {
      const annotated = element.typeAnnotation && bindings.entityOfType(element.typeAnnotation.typeAnnotation);
      return annotated && asMember(annotated);
    }
    if (element.type === 'PropertyDefinition' && element.static === isStatic && staticPropertyName(element) === name) {
      const annotated = element.typeAnnotation && bindings.entityOfType(element.typeAnnotation.typeAnnotation);
      if (annotated) return asMember(annotated);
      const documented = bindings.entityOfJsDoc(bindings.jsDoc.typeOf(element));
      if (documented) return documented;
      const value = element.value && bindings.entityOf(element.value);
      if (value) return asMember(value);
    }
    if (element.type === 'MethodDefinition' && element.kind === 'constructor' && !isStatic) {
      const property = parameterProperty(bindings, element, name);
      if (property !== undefined) return property;
    }
  }
  const assigned = assignedMember(bindings, node, memberKey(name, isStatic));
  if (assigned !== undefined) return asMember(assigned);
  const parent = superClassOf(bindings, node);
  const base = isStatic ? parent : parent && bindings.instanceOf(parent, 'value');
  return base && bindings.memberOf(base, name);
}

/** What the class extends, as far as it is known. */
export function superClassOf(bindings: Bindings, node: ClassNode): Entity | undefined {
  return node.superClass ? bindings.entityOf(node.superClass) : undefined;
}

/** What methods assign to a member of `this`, when it is not a function that could be another one. */
function assignedMember(bindings: Bindings, node: ClassNode | TSESTree.ObjectExpression, key: string): Entity | undefined {
  for (const value of bindings.assignedMembers(node).get(key) ?? []) {
    const entity = (value.parent && bindings.entityOfJsDoc(bindings.jsDoc.typeOf(value.parent))) ?? bindings.entityOf(value);
    if (entity !== undefined && !isFunctionEntity(entity)) return entity;
  }
  return undefined;
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
  return entity.kind === 'instance' && (entity.evidence === 'value' || entity.evidence === 'annotation') ? withEvidence(entity, 'member') : entity;
}

/** Values assigned to the members of `this`, by class or object literal and by `memberKey`. */
export type AssignedMembers = ReadonlyMap<Node, ReadonlyMap<string, readonly Node[]>>;

function memberKey(name: string, isStatic: boolean): string {
  return isStatic ? `static ${name}` : name;
}

/** Collects what the methods of the classes and object literals of a file assign to the members of `this`. */
export function collectAssignedMembers(file: FileIndex): AssignedMembers {
  const found = new Map<Node, Map<string, Node[]>>();
  for (const assignment of file.memberAssignments) {
    const target = unwrapExpression(assignment.left) as TSESTree.MemberExpression;
    const name = target.object.type === 'ThisExpression' ? staticMemberName(target) : undefined;
    const self = name === undefined ? undefined : selfOf(target);
    if (name === undefined || self === undefined) continue;
    const members = found.get(self.node) ?? new Map<string, Node[]>();
    const key = memberKey(name, self.kind === 'local-class');
    members.set(key, [...(members.get(key) ?? []), assignment.right]);
    found.set(self.node, members);
  }
  return found;
}

/** What a library's module is besides its exports: a class, a factory, or a function that makes one of these. */
export function entityOfModuleItself(entity: Extract<Entity, { kind: 'module' }>): DriverEntity | undefined {
  return exportedEntity(entity.driver, entity.driver.itself, entity.path);
}

/** What of this file has members that are looked up in its syntax. */
export type OwnObject = Extract<Entity, { kind: 'local-object' | 'local-shape' | 'local-instance' | 'local-class' }>;

/** The member `name` of `entity`, looked up in its syntax. */
export function findMember(bindings: Bindings, entity: OwnObject, name: string): Entity | undefined {
  switch (entity.kind) {
    case 'local-object':
      return memberOfObject(bindings, entity.node, name);
    case 'local-shape':
      return memberOfShape(bindings, entity.node, name);
    default:
      return memberOfClass(bindings, entity.node, name, entity.kind === 'local-class');
  }
}
