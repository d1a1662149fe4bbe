/** What the expressions of a file stand for by the flow of values: imports, variables, calls, members. Annotations are in `resolve-annotation.ts`. */
import { isClassNode, isFunctionNode, type ClassNode, type FunctionNode, type Identifier, type Node, type TSESTree } from '../syntax/estree.ts';
import { staticKeyName, staticMemberName } from '../syntax/static-name.ts';
import { unwrapAwait, unwrapChain } from '../syntax/unwrap-expression.ts';
import type { Bindings } from './bindings.ts';
import { driverInstance, type Entity } from './entity.ts';
import { isConstant, writesOf, type Variable } from './scope-index.ts';

/** What `node`, an expression without wrappers, stands for; undefined when that is not known. Ask `Bindings.entityOf`, which remembers. */
export function resolveValue(bindings: Bindings, node: Node): Entity | undefined {
  switch (node.type) {
    case 'Identifier': {
      const variable = bindings.scopes.variableOf(node);
      return variable && resolveVariable(bindings, variable);
    }
    case 'MemberExpression': {
      const name = staticMemberName(node);
      const object = name === undefined ? undefined : bindings.entityOf(node.object);
      return (object && bindings.memberOf(object, name!)) ?? resolveAssignedMember(bindings, node);
    }
    case 'NewExpression': {
      const constructed = bindings.entityOf(node.callee);
      return constructed && bindings.instanceOf(constructed, 'value');
    }
    case 'CallExpression':
      return resolveCall(bindings, node);
    case 'AwaitExpression':
      return bindings.entityOf(node.argument);
    case 'ImportExpression':
      return bindings.importedModule(staticString(node.source));
    case 'FunctionExpression':
    case 'ArrowFunctionExpression':
    case 'FunctionDeclaration':
      return { kind: 'local-function', node };
    case 'ClassExpression':
    case 'ClassDeclaration':
      return { kind: 'local-class', node };
    case 'ObjectExpression':
      return { kind: 'local-object', node };
    case 'LogicalExpression':
      // `passed ?? new Pool()`, `globalThis.pool || new Pool()`: the side that is known.
      return bindings.entityOf(node.right) ?? bindings.entityOf(node.left);
    case 'ConditionalExpression':
      return bindings.entityOf(node.consequent) ?? bindings.entityOf(node.alternate);
    case 'AssignmentExpression':
      return bindings.entityOf(node.right);
    case 'SequenceExpression': {
      const last = node.expressions.at(-1);
      return last && bindings.entityOf(last);
    }
    case 'ThisExpression':
      return selfOf(node);
    case 'Super': {
      const self = selfOf(node);
      const parent = (self?.kind === 'local-instance' || self?.kind === 'local-class') && self.node.superClass ? bindings.entityOf(self.node.superClass) : undefined;
      return self?.kind === 'local-class' ? parent : parent && bindings.instanceOf(parent, 'value');
    }
    default:
      return undefined;
  }
}

function resolveCall(bindings: Bindings, node: TSESTree.CallExpression): Entity | undefined {
  const callee = unwrapChain(node.callee);
  const argument = node.arguments[0];
  if (argument !== undefined && isRequire(bindings, callee)) return bindings.loadedModule(staticString(argument));
  const member = bindings.memberRowOf(node);
  if (member?.row.effect === 'returns') return { ...driverInstance({ ...member, type: member.row.type }, member.evidence), file: member.file };
  if (member?.row.effect === 'self') return bindings.entityOf((callee as TSESTree.MemberExpression).object);
  // What is handed out, as an object of its own: the code may acquire from or release several.
  if (member?.row.effect === 'acquire') return { ...driverInstance({ ...member, type: member.row.yields }, member.evidence), file: member.file };
  const called = bindings.entityOf(callee);
  if (called !== undefined) return bindings.resultOf(called);
  const passed = argument === undefined ? [] : passedOn(bindings, callee, argument);
  return passed.length > 0 ? firstEntity(bindings, passed) : resolveReaction(bindings, node, callee);
}

/** Functions of the language that give what they are given, or one of a list of it. */
const PASS_ON: Readonly<Record<string, RegExp>> = { Object: /^(?:freeze|seal|preventExtensions)$/, Promise: /^(?:resolve|race|any)$/ };

/** What the call gives, where it passes on what it is given: `Object.freeze(pool)`, `Promise.race([pool.connect(), timeout])`. */
function passedOn({ scopes }: Bindings, callee: Node, argument: Node): readonly Node[] {
  if (callee.type !== 'MemberExpression' || callee.object.type !== 'Identifier') return [];
  const { name } = callee.object;
  const isPassing = Object.hasOwn(PASS_ON, name) && PASS_ON[name]!.test(staticMemberName(callee) ?? '');
  if (!isPassing || scopes.variableOf(callee.object) !== undefined) return [];
  const value = unwrapChain(argument);
  const isList = name === 'Promise' && staticMemberName(callee) !== 'resolve';
  if (!isList) return [value];
  return value.type === 'ArrayExpression' ? value.elements.filter((element) => element !== null) : [];
}

function firstEntity(bindings: Bindings, nodes: readonly Node[]): Entity | undefined {
  for (const node of nodes) {
    const entity = bindings.entityOf(node);
    if (entity !== undefined) return entity;
  }
  return undefined;
}

/** `import('pg').then((pg) => new pg.Pool())`: what the reaction returns; `.catch(…)` and `.finally(…)` hand on. */
function resolveReaction(bindings: Bindings, node: TSESTree.CallExpression, callee: Node): Entity | undefined {
  if (callee.type !== 'MemberExpression') return undefined;
  const name = staticMemberName(callee);
  if (name === 'catch' || name === 'finally') return bindings.entityOf(callee.object);
  const reaction = name === 'then' ? node.arguments[0] : undefined;
  const entity = reaction && bindings.entityOf(reaction);
  return entity && bindings.resultOf(entity);
}

/** Whether `callee` loads modules: the `require` of CommonJS, or one that `createRequire` made. */
function isRequire(bindings: Bindings, callee: Node): boolean {
  if (callee.type === 'CallExpression') return isCreateRequire(bindings, unwrapChain(callee.callee));
  if (callee.type !== 'Identifier') return false;
  const variable = bindings.scopes.variableOf(callee);
  if (variable === undefined) return callee.name === 'require';
  const declarator = variable.defs[0]?.node as Node | undefined;
  const made = declarator?.type === 'VariableDeclarator' && declarator.init && isConstant(variable) ? unwrapChain(declarator.init) : undefined;
  return made?.type === 'CallExpression' && isCreateRequire(bindings, unwrapChain(made.callee));
}

/** `createRequire` of `node:module`, by its name or as a member of the module. */
function isCreateRequire(bindings: Bindings, callee: Node): boolean {
  const root = callee.type === 'MemberExpression' ? unwrapChain(callee.object) : callee;
  if (root.type !== 'Identifier' || (root !== callee && staticMemberName(callee as TSESTree.MemberExpression) !== 'createRequire')) return false;
  const definition = bindings.scopes.variableOf(root)?.defs[0];
  const declaration = definition?.parent as Node | null | undefined;
  if (declaration?.type !== 'ImportDeclaration' || !/^(?:node:)?module$/.test(declaration.source.value)) return false;
  const specifier = definition!.node as Node;
  return root === callee ? importedName(specifier) === 'createRequire' : specifier.type !== 'ImportSpecifier';
}

/** The value of a string that is the same on every run. */
function staticString(node: Node): string | undefined {
  const value = unwrapChain(node);
  if (value.type === 'TemplateLiteral') return value.expressions.length === 0 ? (value.quasis[0]?.value.cooked ?? undefined) : undefined;
  return value.type === 'Literal' && typeof value.value === 'string' ? value.value : undefined;
}

/** What calls of a function of this file give: its annotation, else the first of its `return`s that is known. */
export function resolveResult(bindings: Bindings, node: FunctionNode): Entity | undefined {
  const annotated = node.returnType ? bindings.entityOfType(node.returnType.typeAnnotation) : bindings.entityOfJsDoc(bindings.jsDoc.typeOfResult(node));
  if (annotated !== undefined) return annotated;
  if (node.body.type !== 'BlockStatement') return bindings.entityOf(unwrapAwait(node.body));
  for (const statement of returnsIn(node.body)) {
    const entity = statement.argument ? bindings.entityOf(unwrapAwait(statement.argument)) : undefined;
    if (entity !== undefined) return entity;
  }
  return undefined;
}

function resolveVariable(bindings: Bindings, variable: Variable): Entity | undefined {
  const definition = variable.defs[0];
  if (definition === undefined) return undefined;
  const name = definition.name as Node;
  switch (definition.type as string) {
    case 'ImportBinding':
      return resolveImport(bindings, definition.node, definition.parent as Node | undefined);
    case 'FunctionName':
      return functionOf(definition.node, variable);
    case 'ClassName':
      return { kind: 'local-class', node: definition.node as ClassNode };
    case 'Parameter': {
      const annotated = annotationOf(bindings, name as Identifier) ?? documentedParameter(bindings, name);
      if (annotated) return annotated;
      const parent = name.parent;
      if (parent?.type === 'AssignmentPattern' && parent.left === name) return bindings.entityOf(parent.right);
      return awaitedParameter(bindings, name) ?? givenParameter(bindings, name) ?? resolveDestructured(bindings, name);
    }
    case 'Variable': {
      const declarator = definition.node as TSESTree.VariableDeclarator;
      const annotated = annotationOf(bindings, name as Identifier) ?? (declarator.id === name ? bindings.entityOfJsDoc(bindings.jsDoc.typeOf(declarator)) : undefined);
      if (annotated) return annotated;
      if (declarator.id !== name) return resolveDestructured(bindings, name);
      if (declarator.init && (isConstant(variable) || !isFunctionNode(unwrapChain(declarator.init)))) {
        const entity = bindings.entityOf(declarator.init);
        if (entity !== undefined) return entity;
      }
      return resolveWrites(bindings, variable);
    }
    default:
      return undefined;
  }
}

function functionOf(node: Node, variable: Variable): Entity | undefined {
  if (node.type === 'TSDeclareFunction') return { kind: 'local-signature', node };
  return isFunctionNode(node) && isConstant(variable) ? { kind: 'local-function', node } : undefined;
}

/** What a parameter of a reaction is: `getPool().then((pool) => …)`. */
function awaitedParameter(bindings: Bindings, parameter: Node): Entity | undefined {
  const unit = parameter.parent;
  if (!unit || !isFunctionNode(unit) || unit.params[0] !== parameter) return undefined;
  const call = unit.parent as Node | undefined;
  if (call?.type !== 'CallExpression' || call.arguments[0] !== unit) return undefined;
  const callee = unwrapChain(call.callee);
  return callee.type === 'MemberExpression' && staticMemberName(callee) === 'then' ? bindings.entityOf(callee.object) : undefined;
}

/** What the calls in the file give for a parameter of a function that has a name, or of a constructor; else those of the file that is analysed. */
function givenParameter(bindings: Bindings, parameter: Node): Entity | undefined {
  const unit = parameter.parent;
  const index = unit && isFunctionNode(unit) ? unit.params.findIndex((one) => one === parameter) : -1;
  if (index === -1) return undefined;
  const isConstructor = unit?.parent?.type === 'MethodDefinition' && unit.parent.kind === 'constructor';
  const name = nameOfCallee(unit as FunctionNode);
  const variables = name?.type === 'Identifier' ? bindings.scopes.variablesOf(name) : [];
  if (!variables.every(isConstant)) return undefined;
  for (const { identifier } of variables.flatMap((variable) => variable.references)) {
    const call = (identifier as Node).parent;
    if (call?.type !== (isConstructor ? 'NewExpression' : 'CallExpression') || call.callee !== identifier) continue;
    const argument = call.arguments.some(({ type }) => type === 'SpreadElement') ? undefined : call.arguments[index];
    const entity = argument && bindings.entityOf(argument);
    if (entity !== undefined && !isFunctionEntity(entity)) return entity;
  }
  return bindings.module.givenByCaller?.(unit as FunctionNode, index);
}

/** The name by which a file calls a function: its own, its constant's, or for a constructor the one of its class. */
function nameOfCallee(unit: FunctionNode): Node | null | undefined {
  const parent = unit.parent as Node | undefined;
  if (parent?.type === 'MethodDefinition' && parent.kind === 'constructor') return (parent.parent.parent).id;
  if (unit.type === 'FunctionDeclaration') return unit.id;
  return parent?.type === 'VariableDeclarator' && parent.init === unit ? parent.id : undefined;
}

/** What JSDoc says of a parameter, a pattern or a name with or without a default. */
function documentedParameter(bindings: Bindings, parameter: Node): Entity | undefined {
  const own = parameter.parent?.type === 'AssignmentPattern' ? parameter.parent : parameter;
  const unit = own.parent;
  return unit && isFunctionNode(unit) ? bindings.entityOfJsDoc(bindings.jsDoc.typeOfParameter(unit, own)) : undefined;
}

function annotationOf(bindings: Bindings, name: Identifier): Entity | undefined {
  return name.typeAnnotation && bindings.entityOfType(name.typeAnnotation.typeAnnotation);
}

/** The value a variable is given later (`let pool; … pool = new Pool()`), when it is not a function that could be another one. */
function resolveWrites(bindings: Bindings, variable: Variable): Entity | undefined {
  for (const reference of writesOf(variable)) {
    const write = reference.writeExpr;
    const parent = (reference.identifier as Node).parent;
    if (!write || parent?.type !== 'AssignmentExpression' || parent.left !== reference.identifier) continue;
    const entity = bindings.entityOf(write);
    if (entity !== undefined && !isFunctionEntity(entity)) return entity;
  }
  return undefined;
}

/** Whether the entity is a function of the project: what is assigned later may be another one, so none is known. */
export function isFunctionEntity(entity: Entity): boolean {
  return entity.kind === 'local-function' || (entity.kind === 'foreign' && entity.entity.kind === 'local-function');
}

/** `const { Pool } = pg`, `const { native: { Pool } } = require('pg')`: the member of what is destructured. */
function resolveDestructured(bindings: Bindings, name: Node): Entity | undefined {
  const path: string[] = [];
  let child: Node = name;
  for (let parent = name.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type === 'Property' && parent.value === child) {
      const key = staticKeyName(parent.key, parent.computed);
      if (key === undefined) return undefined;
      path.unshift(key);
    } else if (parent.type === 'VariableDeclarator' || isFunctionNode(parent)) {
      const annotation = child.type === 'ObjectPattern' ? child.typeAnnotation : undefined;
      const whole = annotation && bindings.entityOfType(annotation.typeAnnotation);
      let entity = whole ?? (parent.type === 'VariableDeclarator' ? destructuredValue(bindings, parent) : (documentedParameter(bindings, child) ?? awaitedParameter(bindings, child) ?? givenParameter(bindings, child)));
      for (const key of path) entity = entity && bindings.memberOf(entity, key);
      if (entity !== undefined || name.parent?.type !== 'AssignmentPattern') return entity;
      // `{ pool = new Pool() }`.
      return name.parent.left === name ? bindings.entityOf(name.parent.right) : undefined;
    } else if (parent.type !== 'ObjectPattern' && parent.type !== 'AssignmentPattern') {
      return undefined;
    }
  }
  return undefined;
}

function destructuredValue(bindings: Bindings, node: TSESTree.VariableDeclarator): Entity | undefined {
  return bindings.entityOfJsDoc(bindings.jsDoc.typeOf(node)) ?? (node.init ? bindings.entityOf(node.init) : undefined);
}

function resolveImport(bindings: Bindings, specifier: Node, declaration: Node | undefined): Entity | undefined {
  if (specifier.type === 'TSImportEqualsDeclaration') {
    const reference = specifier.moduleReference;
    if (reference.type === 'TSExternalModuleReference') return bindings.loadedModule(staticString(reference.expression));
    // `import Pool = pg.Pool`.
    const left = reference.type === 'TSQualifiedName' ? bindings.entityOf(reference.left) : undefined;
    return reference.type === 'TSQualifiedName' ? left && bindings.memberOf(left, reference.right.name) : bindings.entityOf(reference);
  }
  if (declaration?.type !== 'ImportDeclaration') return undefined;
  if (specifier.type === 'ImportNamespaceSpecifier') return bindings.loadedModule(declaration.source.value);
  const module = bindings.importedModule(declaration.source.value);
  return module && bindings.memberOf(module, importedName(specifier));
}

/** The name that an import specifier asks of its module. */
export function importedName(specifier: Node): string {
  if (specifier.type !== 'ImportSpecifier') return 'default';
  return specifier.imported.type === 'Identifier' ? specifier.imported.name : specifier.imported.value;
}

/** What a member that is assigned from outside is: `app.locals.pool = new Pool()`. */
function resolveAssignedMember(bindings: Bindings, node: TSESTree.MemberExpression): Entity | undefined {
  for (const value of bindings.assignedPlaces.valuesOf(node)) {
    const entity = bindings.entityOf(value);
    if (entity !== undefined && !isFunctionEntity(entity)) return entity;
  }
  return undefined;
}

/** What `this` (or the object of `super`) is at `node`: the nearest method, field or static block decides, arrow functions share what is around them. */
export function selfOf(node: Node): Extract<Entity, { kind: 'local-instance' | 'local-class' | 'local-object' }> | undefined {
  for (let child = node, parent = node.parent; parent; child = parent, parent = parent.parent) {
    if (parent.type === 'FunctionDeclaration') return undefined;
    if (parent.type === 'FunctionExpression' && parent.parent.type !== 'MethodDefinition') {
      const property = parent.parent;
      const object = property.type === 'Property' && property.value === parent && parent.body === child ? property.parent : undefined;
      return object?.type === 'ObjectExpression' ? { kind: 'local-object', node: object } : undefined;
    }
    if (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition' || parent.type === 'StaticBlock') {
      const owner = parent.parent.parent as Node;
      if (!isClassNode(owner)) return undefined;
      return { kind: parent.type === 'StaticBlock' || parent.static ? 'local-class' : 'local-instance', node: owner };
    }
  }
  return undefined;
}

/** The `return` statements of a function body, without those of functions inside it. */
export function returnsIn(body: TSESTree.BlockStatement): TSESTree.ReturnStatement[] {
  const found: TSESTree.ReturnStatement[] = [];
  eachOwnNode(body, (node) => {
    if (node.type === 'ReturnStatement') found.push(node);
  });
  return found;
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
