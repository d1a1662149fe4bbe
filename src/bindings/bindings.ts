/**
 * What an expression stands for: imports, value flow through variables and class members, annotations.
 * Nothing is decided by the name of a variable.
 *
 * Every question is answered from the syntax on demand and remembered; a question that comes back to itself
 * (`const a = b, b = a`) is answered with "not known".
 */
import type { Driver, MemberRow, TypeRow } from '../drivers/driver.ts';
import {
  isClassNode,
  isFunctionNode,
  type CallLike,
  type ClassNode,
  type FunctionNode,
  type Identifier,
  type Node,
  type TSESTree,
} from '../syntax/estree.ts';
import { staticKeyName, staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { Acquisition, Entity, Evidence } from './entity.ts';
import { PairEvidence } from './pair-evidence.ts';
import { isConstant, writesOf, type ScopeIndex, type Variable } from './scope-index.ts';
import type { FileIndex } from '../syntax/file-index.ts';
import type { Pair } from '../drivers/generic.ts';

export interface BindingsInput {
  readonly file: FileIndex;
  readonly scopes: ScopeIndex;
  readonly drivers: readonly Driver[];
  /** Pairs that the user names in settings. */
  readonly pairs: readonly Pair[];
}

/** Answers what the expressions of one file stand for. */
export class Bindings {
  /** Null: not known, or being asked for at this moment. */
  private readonly entities = new Map<Node, Entity | null>();
  private readonly acquisitions = new Map<CallLike, Acquisition | undefined>();
  private readonly modules = new Map<string, Driver>();
  private readonly pairEvidence: PairEvidence;
  private readonly file: FileIndex;
  private readonly scopes: ScopeIndex;

  constructor(input: BindingsInput) {
    this.file = input.file;
    this.scopes = input.scopes;
    for (const driver of input.drivers) for (const name of driver.modules) this.modules.set(name, driver);
    this.pairEvidence = new PairEvidence(input.file, input.scopes, input.pairs, (node) => this.entityOf(node));
  }

  /** Name of the called method or function; of an imported one, the name it has in its module. */
  nameOf(call: CallLike): string | undefined {
    return call.type === 'TaggedTemplateExpression' ? undefined : this.pairEvidence.nameOf(unwrapChain(call.callee));
  }

  /** What `node` stands for, or undefined when that is not known. A cast speaks where the value does not. */
  entityOf(node: Node): Entity | undefined {
    const expression = unwrapChain(node);
    if (expression !== node && (node.type === 'TSAsExpression' || node.type === 'TSTypeAssertion')) {
      return this.entityOf(node.expression) ?? this.entityOfAnnotation(node.typeAnnotation);
    }
    if (expression.type === 'Literal' || expression.type === 'TemplateLiteral') return undefined;
    const known = this.entities.get(expression);
    if (known !== undefined) return known ?? undefined;
    this.entities.set(expression, null);
    const entity = this.resolve(expression);
    if (entity !== undefined) this.entities.set(expression, entity);
    return entity;
  }

  /** What `call` takes from a pool, or undefined when it is no acquisition that the tables, the settings or a pair know. */
  acquisitionOf(call: CallLike): Acquisition | undefined {
    if (this.acquisitions.has(call)) return this.acquisitions.get(call);
    const acquisition = this.resolveAcquisition(call);
    this.acquisitions.set(call, acquisition);
    return acquisition;
  }

  /** The function of this file that `call` runs, or undefined when it is not known or lies elsewhere. For `new C()`, its constructor. */
  calleeOf(call: CallLike): FunctionNode | undefined {
    if (call.type === 'TaggedTemplateExpression') return undefined;
    const entity = this.entityOf(call.callee);
    if (call.type === 'NewExpression') {
      return entity?.kind === 'local-class' ? constructorOf(entity.node) : undefined;
    }
    return entity?.kind === 'local-function' ? entity.node : undefined;
  }

  /** The driver table's row for the method `call` calls on an object that the tables know. */
  memberRowOf(call: CallLike): { row: MemberRow; driver: Driver; path: string; evidence: Evidence } | undefined {
    if (call.type !== 'CallExpression') return undefined;
    const callee = unwrapChain(call.callee);
    if (callee.type !== 'MemberExpression') return undefined;
    const name = staticMemberName(callee);
    if (name === undefined) return undefined;
    const receiver = this.driverInstance(this.entityOf(callee.object), name);
    if (receiver === undefined) return undefined;
    const row = ownRow(receiver.driver.types[receiver.type]?.members, name);
    return row && { row, driver: receiver.driver, path: `${receiver.path} › ${name}()`, evidence: receiver.evidence };
  }

  /** The instance of a library's class that a method is called on: directly, or because a class of this file extends it and has no such method. */
  private driverInstance(entity: Entity | undefined, name: string): Extract<Entity, { kind: 'instance' }> | undefined {
    if (entity?.kind === 'instance') return entity;
    if (entity?.kind !== 'local-instance') return undefined;
    const seen = new Set<ClassNode>();
    for (let node: ClassNode | undefined = entity.node; node !== undefined && !seen.has(node); ) {
      seen.add(node);
      if (node.body.body.some((element) => 'key' in element && !element.static && staticPropertyName(element as TSESTree.MethodDefinition) === name)) return undefined;
      const parent: Entity | undefined = node.superClass ? this.entityOf(node.superClass) : undefined;
      if (parent?.kind === 'class') return instance(parent.driver, parent.type, parent.path, 'value');
      node = parent?.kind === 'local-class' ? parent.node : undefined;
    }
    return undefined;
  }

  /** The class whose instances `construction` makes idle: nothing is owed until they are opened (`new Client()`). */
  idleTypeOf(construction: CallLike): { type: TypeRow; path: string; open: string } | undefined {
    if (construction.type !== 'NewExpression') return undefined;
    const entity = this.entityOf(construction.callee);
    if (entity?.kind !== 'class') return undefined;
    const type = entity.driver.types[entity.type];
    if (type === undefined) return undefined;
    for (const [name, row] of Object.entries(type.members)) {
      if (row.effect === 'open') return { type, path: `${entity.path} › ${name}()`, open: name };
    }
    return undefined;
  }

  private resolveAcquisition(call: CallLike): Acquisition | undefined {
    if (call.type !== 'CallExpression') return undefined;
    const member = this.memberRowOf(call);
    if (member?.row.effect === 'acquire') {
      const type = member.driver.types[member.row.yields];
      return type && { path: member.path, evidence: member.evidence, style: member.row.style, type, pair: undefined };
    }
    if (member !== undefined) return undefined;
    const callee = this.entityOf(call.callee);
    if (callee?.kind === 'acquirer') {
      const type = callee.driver.types[callee.row.yields];
      return type && { path: `${callee.path}()`, evidence: 'import', style: callee.row.style, type, pair: undefined };
    }
    return this.pairEvidence.acquisitionOf(call);
  }

  private resolve(node: Node): Entity | undefined {
    switch (node.type) {
      case 'Identifier':
        return this.resolveIdentifier(node);
      case 'MemberExpression':
        return this.resolveMember(node);
      case 'NewExpression': {
        const constructed = this.entityOf(node.callee);
        if (constructed?.kind === 'class') return instance(constructed.driver, constructed.type, constructed.path, 'value');
        if (constructed?.kind === 'local-class') return { kind: 'local-instance', node: constructed.node };
        return undefined;
      }
      case 'CallExpression':
        return this.resolveCall(node);
      case 'AwaitExpression':
        return this.entityOf(node.argument);
      case 'ImportExpression':
        return node.source.type === 'Literal' ? this.moduleEntity(node.source.value) : undefined;
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
      case 'FunctionDeclaration':
        return { kind: 'local-function', node };
      case 'ClassExpression':
      case 'ClassDeclaration':
        return this.classEntity(node);
      case 'ObjectExpression':
        return { kind: 'local-object', node };
      case 'LogicalExpression':
        // `passed ?? new Pool()`, `globalThis.pool || new Pool()`: the side that is known.
        return this.entityOf(node.right) ?? this.entityOf(node.left);
      case 'ConditionalExpression':
        return this.entityOf(node.consequent) ?? this.entityOf(node.alternate);
      case 'AssignmentExpression':
        return this.entityOf(node.right);
      case 'ThisExpression': {
        const owner = enclosingClass(node);
        return owner && { kind: owner.isStatic ? 'local-class' : 'local-instance', node: owner.node };
      }
      default:
        return undefined;
    }
  }

  private resolveCall(node: TSESTree.CallExpression): Entity | undefined {
    const callee = unwrapChain(node.callee);
    const argument = node.arguments[0];
    if (callee.type === 'Identifier' && callee.name === 'require' && argument?.type === 'Literal') {
      if (this.scopes.variableOf(callee) === undefined) return this.moduleEntity(argument.value);
    }
    const member = this.memberRowOf(node);
    if (member?.row.effect === 'returns') return instance(member.driver, member.row.type, member.path, member.evidence);
    const called = this.entityOf(callee);
    const acquired = this.acquiredType(member, called);
    if (acquired !== undefined) return acquired;
    if (called?.kind === 'factory') return instance(called.driver, called.type, called.path, 'value');
    if (called?.kind === 'local-function') {
      const annotated = called.node.returnType && this.entityOfAnnotation(called.node.returnType.typeAnnotation);
      return annotated ?? this.entityOfResult(called.node);
    }
    return undefined;
  }

  /** What an acquiring call hands out, as an object of its own: the code may acquire from or release several. */
  private acquiredType(member: ReturnType<Bindings['memberRowOf']>, called: Entity | undefined): Entity | undefined {
    if (member?.row.effect === 'acquire') return instance(member.driver, member.row.yields, member.path, member.evidence);
    return called?.kind === 'acquirer' ? instance(called.driver, called.row.yields, called.path, 'value') : undefined;
  }

  /** What a function returns, when all its `return`s that are known agree (the first one is taken). */
  private entityOfResult(node: FunctionNode): Entity | undefined {
    if (node.body.type !== 'BlockStatement') return this.entityOf(unwrapAwait(node.body));
    for (const statement of returnsIn(node.body)) {
      const entity = statement.argument ? this.entityOf(unwrapAwait(statement.argument)) : undefined;
      if (entity !== undefined) return entity;
    }
    return undefined;
  }

  private resolveIdentifier(node: Identifier): Entity | undefined {
    const variable = this.scopes.variableOf(node);
    return variable && this.entityOfVariable(variable);
  }

  private entityOfVariable(variable: Variable): Entity | undefined {
    const definition = variable.defs[0];
    if (definition === undefined) return undefined;
    const name = definition.name as Node;
    switch (definition.type as string) {
      case 'ImportBinding':
        return this.entityOfImport(definition.node, definition.parent as Node | undefined);
      case 'FunctionName':
        return isFunctionNode(definition.node) && isConstant(variable)
          ? { kind: 'local-function', node: definition.node }
          : undefined;
      case 'ClassName':
        return this.classEntity(definition.node as ClassNode);
      case 'Parameter': {
        const annotation = (name as Identifier).typeAnnotation;
        const annotated = annotation && this.entityOfAnnotation(annotation.typeAnnotation);
        if (annotated) return annotated;
        const parent = name.parent;
        if (parent?.type === 'AssignmentPattern' && parent.left === name) return this.entityOf(parent.right);
        return this.entityOfDestructured(name);
      }
      case 'Variable': {
        const annotation = (name as Identifier).typeAnnotation;
        const annotated = annotation && this.entityOfAnnotation(annotation.typeAnnotation);
        if (annotated) return annotated;
        const declarator = definition.node as TSESTree.VariableDeclarator;
        if (declarator.id === name && declarator.init && (isConstant(variable) || !isFunctionNode(unwrapChain(declarator.init)))) {
          const entity = this.entityOf(declarator.init);
          if (entity !== undefined) return entity;
        }
        if (declarator.id !== name) return this.entityOfDestructured(name);
        return this.entityOfWrites(variable);
      }
      default:
        return undefined;
    }
  }

  /** The value a variable is given later (`let pool; … pool = new Pool()`), when it is not a function that could be another one. */
  private entityOfWrites(variable: Variable): Entity | undefined {
    for (const reference of writesOf(variable)) {
      const write = reference.writeExpr;
      const parent = (reference.identifier as Node).parent;
      if (!write || parent?.type !== 'AssignmentExpression' || parent.left !== reference.identifier) continue;
      const entity = this.entityOf(write);
      if (entity !== undefined && entity.kind !== 'local-function') return entity;
    }
    return undefined;
  }

  /** `const { Pool } = pg`, `const { native: { Pool } } = require('pg')`: the member of what is destructured. */
  private entityOfDestructured(name: Node): Entity | undefined {
    const path: string[] = [];
    let child: Node = name;
    for (let parent = name.parent; parent; child = parent, parent = parent.parent) {
      if (parent.type === 'Property' && parent.value === child) {
        const key = staticKeyName(parent.key, parent.computed);
        if (key === undefined) return undefined;
        path.unshift(key);
      } else if (parent.type === 'VariableDeclarator') {
        if (!parent.init) return undefined;
        let entity = this.entityOf(parent.init);
        for (const key of path) entity = entity && this.memberOf(entity, key);
        return entity;
      } else if (isFunctionNode(parent)) {
        const annotation = child.type === 'ObjectPattern' ? child.typeAnnotation : undefined;
        let entity = annotation && this.entityOfAnnotation(annotation.typeAnnotation);
        for (const key of path) entity = entity && this.memberOf(entity, key);
        return entity;
      } else if (parent.type !== 'ObjectPattern' && parent.type !== 'AssignmentPattern') {
        return undefined;
      }
    }
    return undefined;
  }

  private entityOfImport(specifier: Node, declaration: Node | undefined): Entity | undefined {
    if (specifier.type === 'TSImportEqualsDeclaration') {
      const reference = specifier.moduleReference;
      return reference.type === 'TSExternalModuleReference' && reference.expression.type === 'Literal'
        ? this.moduleEntity(reference.expression.value)
        : undefined;
    }
    if (declaration?.type !== 'ImportDeclaration') return undefined;
    const module = this.moduleEntity(declaration.source.value);
    if (module === undefined || specifier.type !== 'ImportSpecifier') return module;
    return this.memberOf(module, specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value);
  }

  private moduleEntity(name: unknown): Entity | undefined {
    const driver = typeof name === 'string' ? this.modules.get(name) : undefined;
    if (driver === undefined) return undefined;
    // The module `pg-pool` is the class itself.
    if (name === 'pg-pool') return { kind: 'class', driver, type: 'Pool', path: 'pg-pool' };
    return { kind: 'module', driver, path: driver.library };
  }

  /** The member `name` of an entity: an export of a module, a property of an object literal, a field or method of a class. */
  memberOf(entity: Entity, name: string): Entity | undefined {
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
      case 'local-object':
        for (const property of entity.node.properties) {
          if (property.type === 'Property' && staticPropertyName(property) === name && property.kind === 'init') {
            return this.entityOf(property.value);
          }
        }
        return undefined;
      case 'instance': {
        const row = ownRow(entity.driver.types[entity.type]?.members, name);
        return row?.effect === 'release' ? { kind: 'release-method', row } : undefined;
      }
      case 'local-shape':
        for (const member of entity.members) {
          if (member.type === 'TSPropertySignature' && staticKeyName(member.key, member.computed) === name) {
            return member.typeAnnotation && this.entityOfAnnotation(member.typeAnnotation.typeAnnotation);
          }
        }
        return undefined;
      case 'local-instance':
        return this.memberOfClass(entity.node, name, false);
      case 'local-class':
        return this.memberOfClass(entity.node, name, true);
      default:
        return undefined;
    }
  }

  private resolveMember(node: TSESTree.MemberExpression): Entity | undefined {
    const name = staticMemberName(node);
    const object = this.entityOf(node.object);
    return name === undefined || object === undefined ? undefined : this.memberOf(object, name);
  }

  private readonly membersInQuestion = new Set<string>();

  private memberOfClass(node: ClassNode, name: string, isStatic: boolean): Entity | undefined {
    const question = `${String(node.range[0])} ${name} ${String(isStatic)}`;
    if (this.membersInQuestion.has(question)) return undefined;
    this.membersInQuestion.add(question);
    try {
      return this.findMemberOfClass(node, name, isStatic);
    } finally {
      this.membersInQuestion.delete(question);
    }
  }

  private findMemberOfClass(node: ClassNode, name: string, isStatic: boolean): Entity | undefined {
    for (const element of node.body.body) {
      if (element.type === 'MethodDefinition' && element.static === isStatic && staticPropertyName(element) === name) {
        if (element.kind === 'method' && isFunctionNode(element.value)) return { kind: 'local-function', node: element.value };
        if (element.kind === 'get' && isFunctionNode(element.value)) return this.entityOfResult(element.value);
      }
      if (element.type === 'TSAbstractPropertyDefinition' && staticKeyName(element.key, element.computed) === name) {
        const annotated = element.typeAnnotation && this.entityOfAnnotation(element.typeAnnotation.typeAnnotation);
        return annotated && asMember(annotated);
      }
      if (element.type === 'PropertyDefinition' && element.static === isStatic && staticPropertyName(element) === name) {
        const annotated = element.typeAnnotation && this.entityOfAnnotation(element.typeAnnotation.typeAnnotation);
        if (annotated) return asMember(annotated);
        const value = element.value && this.entityOf(element.value);
        if (value) return asMember(value);
      }
      if (element.type === 'MethodDefinition' && element.kind === 'constructor' && !isStatic) {
        for (const parameter of element.value.params) {
          if (parameter.type !== 'TSParameterProperty') continue;
          const inner = parameter.parameter.type === 'AssignmentPattern' ? parameter.parameter.left : parameter.parameter;
          if (inner.type !== 'Identifier' || inner.name !== name) continue;
          const annotated = inner.typeAnnotation && this.entityOfAnnotation(inner.typeAnnotation.typeAnnotation);
          if (annotated) return asMember(annotated);
          if (parameter.parameter.type === 'AssignmentPattern') return this.entityOf(parameter.parameter.right);
        }
      }
    }
    const assigned = this.assignmentsToMembers(node).get(`${isStatic ? 'static ' : ''}${name}`);
    for (const value of assigned ?? []) {
      const entity = this.entityOf(value);
      if (entity !== undefined && entity.kind !== 'local-function') return asMember(entity);
    }
    if (node.superClass && !isStatic) {
      const parent = this.entityOf(node.superClass);
      if (parent?.kind === 'local-class' && parent.node !== node) return this.memberOfClass(parent.node, name, false);
    }
    return undefined;
  }

  private memberAssignments: Map<ClassNode, Map<string, Node[]>> | undefined;

  /** Values assigned to `this.name` (or `static name`) in the methods of a class. */
  private assignmentsToMembers(node: ClassNode): ReadonlyMap<string, readonly Node[]> {
    this.memberAssignments ??= this.collectMemberAssignments();
    return this.memberAssignments.get(node) ?? new Map();
  }

  private collectMemberAssignments(): Map<ClassNode, Map<string, Node[]>> {
    const found = new Map<ClassNode, Map<string, Node[]>>();
    for (const assignment of this.file.selfAssignments) {
      const name = staticMemberName(unwrapExpression(assignment.left) as TSESTree.MemberExpression);
      const method = methodAround(assignment);
      const owner = method?.parent.parent;
      if (name === undefined || method === undefined || owner === undefined || !isClassNode(owner)) continue;
      const members = found.get(owner) ?? new Map<string, Node[]>();
      const key = method.static ? `static ${name}` : name;
      members.set(key, [...(members.get(key) ?? []), assignment.right]);
      found.set(owner, members);
    }
    return found;
  }

  private classEntity(node: ClassNode): Entity | undefined {
    return { kind: 'local-class', node };
  }

  /** What an annotation says: `Pool`, `pg.Pool`, `Pool | undefined`, `Promise<Pool>`, `Readonly<Pool>`, a class of this file. */
  private entityOfAnnotation(node: TSESTree.TypeNode): Entity | undefined {
    switch (node.type) {
      case 'TSTypeReference': {
        const entity = this.entityOfTypeName(node.typeName);
        if (entity !== undefined) return entity;
        const inner = node.typeArguments?.params[0];
        if (node.typeName.type === 'Identifier' && inner && TRANSPARENT_TYPES.has(node.typeName.name)) return this.entityOfAnnotation(inner);
        return undefined;
      }
      case 'TSUnionType': {
        // `Pool | PoolClient`: what can hand out is what its methods are called for.
        const known = node.types.filter((type) => !EMPTY_TYPES.has(type.type)).map((type) => this.entityOfAnnotation(type));
        return known.length === 1 ? known[0] : known.find((entity) => entity?.kind === 'instance' && handsOut(entity.driver.types[entity.type]));
      }
      case 'TSTypeLiteral':
        return { kind: 'local-shape', members: node.members };
      case 'TSIntersectionType':
        for (const type of node.types) {
          const entity = this.entityOfAnnotation(type);
          if (entity !== undefined) return entity;
        }
        return undefined;
      case 'TSImportType': {
        const source = node.source as Node | undefined;
        const module = source?.type === 'Literal' ? this.moduleEntity(source.value) : undefined;
        return module?.kind === 'module' && node.qualifier?.type === 'Identifier' ? typeOfExport(module, node.qualifier.name) : undefined;
      }
      case 'TSTypeQuery':
        return node.exprName.type === 'Identifier' ? this.entityOf(node.exprName) : undefined;
      default:
        return undefined;
    }
  }

  private entityOfTypeName(name: TSESTree.EntityName): Entity | undefined {
    if (name.type === 'Identifier') {
      const variable = this.scopes.variableOf(name);
      const definition = variable?.defs[0];
      if (definition === undefined) return undefined;
      if ((definition.type as string) === 'ClassName') return { kind: 'local-instance', node: definition.node as ClassNode };
      if ((definition.type as string) === 'Type' && (definition.node as Node).type === 'TSTypeAliasDeclaration') {
        return this.entityOfAnnotation((definition.node as TSESTree.TSTypeAliasDeclaration).typeAnnotation);
      }
      if ((definition.type as string) === 'Type' && (definition.node as Node).type === 'TSInterfaceDeclaration') {
        return { kind: 'local-shape', members: (definition.node as TSESTree.TSInterfaceDeclaration).body.body };
      }
      if ((definition.type as string) !== 'ImportBinding') return undefined;
      const declaration = definition.parent as Node | undefined;
      const specifier = definition.node as Node;
      if (declaration?.type !== 'ImportDeclaration') return undefined;
      const module = this.moduleEntity(declaration.source.value);
      if (module?.kind === 'class') return asInstance(module);
      if (module?.kind !== 'module' || specifier.type !== 'ImportSpecifier') return undefined;
      return typeOfExport(module, specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value);
    }
    if (name.type !== 'TSQualifiedName') return undefined;
    const left = name.left.type === 'Identifier' ? this.entityOf(name.left) : undefined;
    return left?.kind === 'module' ? typeOfExport(left, name.right.name) : undefined;
  }
}

const TRANSPARENT_TYPES = new Set(['Promise', 'Readonly', 'NonNullable', 'Awaited', 'Partial', 'Required']);
const EMPTY_TYPES = new Set(['TSNullKeyword', 'TSUndefinedKeyword', 'TSVoidKeyword']);

/** Whether objects of the type hand out connections or are opened. */
function handsOut(type: TypeRow | undefined): boolean {
  return Object.values(type?.members ?? {}).some((row) => row.effect === 'acquire' || row.effect === 'open');
}

function typeOfExport(module: Extract<Entity, { kind: 'module' }>, name: string): Entity | undefined {
  const row = ownRow(module.driver.exports, name);
  return row?.is === 'class' || row?.is === 'type'
    ? instance(module.driver, row.type, `${module.path} › ${name}`, 'annotation')
    : undefined;
}

/** A row of a table by its own key: a program's `constructor` or `toString` must not find the prototype's. */
export function ownRow<T>(rows: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return rows !== undefined && Object.hasOwn(rows, name) ? rows[name] : undefined;
}

function instance(
  driver: Driver,
  type: string,
  path: string,
  evidence: Evidence,
): Extract<Entity, { kind: 'instance' }> {
  return { kind: 'instance', driver, type, path, evidence };
}

function asInstance(entity: Extract<Entity, { kind: 'class' }>): Entity {
  return instance(entity.driver, entity.type, entity.path, 'annotation');
}

function asMember(entity: Entity): Entity {
  return entity.kind === 'instance' ? { ...entity, evidence: 'member' } : entity;
}

/** The constructor of a class, when it has one with a body. */
export function constructorOf(node: ClassNode): FunctionNode | undefined {
  for (const element of node.body.body) {
    if (element.type === 'MethodDefinition' && element.kind === 'constructor' && isFunctionNode(element.value)) return element.value;
  }
  return undefined;
}

/** The class whose `this` the expression is, and whether `this` is the class itself; looks out of arrow functions but not out of ordinary ones. */
function enclosingClass(node: Node): { node: ClassNode; isStatic: boolean } | undefined {
  for (let parent = node.parent; parent; parent = parent.parent) {
    if (parent.type === 'FunctionDeclaration') return undefined;
    if (parent.type === 'FunctionExpression' && parent.parent.type !== 'MethodDefinition') return undefined;
    if (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition' || parent.type === 'StaticBlock') {
      const owner = parent.parent.parent as Node;
      return isClassNode(owner) ? { node: owner, isStatic: parent.type === 'StaticBlock' || parent.static } : undefined;
    }
  }
  return undefined;
}

/** The `return` statements of a function body, without those of functions inside it. */
function returnsIn(body: TSESTree.BlockStatement): TSESTree.ReturnStatement[] {
  const found: TSESTree.ReturnStatement[] = [];
  eachOwnNode(body, (node) => {
    if (node.type === 'ReturnStatement') found.push(node);
  });
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

/** Visits the nodes below `root` that belong to the same function. */
function eachOwnNode(root: Node, visit: (node: Node) => void): void {
  const pending: Node[] = [root];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    visit(node);
    const fields = node as unknown as Record<string, unknown>;
    for (const key of Object.keys(fields)) {
      if (key === 'parent' || key === 'loc' || key === 'range' || key === 'typeAnnotation') continue;
      const value = fields[key];
      for (const child of Array.isArray(value) ? (value as unknown[]) : [value]) {
        if (typeof child !== 'object' || child === null || typeof (child as Node).type !== 'string') continue;
        const inner = child as Node;
        if (!isClassNode(inner) && !isFunctionNode(inner)) pending.push(inner);
      }
    }
  }
}
