/**
 * Calls that do not throw because of what their callee is: what `src/cfg/throw-policy.ts` cannot see from the call alone, and bindings can.
 * The sets are part of the published table.
 */
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import { entityOfModuleItself } from '../bindings/resolve-member.ts';
import type { Node } from '../syntax/estree.ts';
import { staticMemberName, staticPropertyName } from '../syntax/static-name.ts';
import { unwrapChain, unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { CallShape } from './call-shape.ts';
import { isStoreRead } from './find-place.ts';
import type { ProgramModel } from './program-model.ts';
import { settlerOf } from './promise-executor.ts';

/** Classes of the language whose methods below run no code of the program. */
const COLLECTIONS = new Set(['Array', 'Map', 'Set', 'WeakMap', 'WeakSet']);
const COLLECTION_METHODS = new Set(['push', 'pop', 'shift', 'unshift', 'slice', 'includes', 'indexOf', 'get', 'set', 'has', 'add', 'delete', 'clear']);

/** Modules whose export makes loggers: `const debug = require('debug')('app')`. */
const LOGGER_FACTORIES = new Set(['debug']);

/** Whether the call, whose callee is no function of this file, is known not to throw. */
export function isQuietCall(model: ProgramModel, shape: CallShape): boolean {
  if (shape.isNew) return false;
  return isStoreRead(shape.node) || isMethodOfCollection(model, shape) || (shape.callee.type === 'Identifier' && settlerOf(model.scopes.variableOf(shape.callee)) !== undefined) || isLoggerFunction(model, shape.callee);
}

/** `list.push(row)` on a constant that starts as `[]`, `this.seen.has(id)` on a field that starts as `new Set()`. */
function isMethodOfCollection(model: ProgramModel, shape: CallShape): boolean {
  if (!shape.isMethod || shape.receiver === undefined || shape.name === undefined || !COLLECTION_METHODS.has(shape.name)) return false;
  const start = startOf(model, unwrapExpression(shape.receiver));
  if (start === undefined) return false;
  if (start.type === 'ArrayExpression') return true;
  return start.type === 'NewExpression' && start.callee.type === 'Identifier' && COLLECTIONS.has(start.callee.name) && model.scopes.variableOf(start.callee) === undefined;
}

/** What a constant or a field of the class around `node` starts with. */
function startOf(model: ProgramModel, node: Node): Node | undefined {
  if (node.type === 'Identifier') return initialiserOf(model.scopes.variableOf(node));
  if (node.type !== 'MemberExpression' || node.object.type !== 'ThisExpression') return undefined;
  const name = staticMemberName(node);
  for (let parent = node.parent as Node | undefined; name !== undefined && parent; parent = parent.parent) {
    if (parent.type !== 'ClassBody') continue;
    const field = parent.body.find((element) => element.type === 'PropertyDefinition' && staticPropertyName(element) === name);
    return field?.type === 'PropertyDefinition' && field.value ? unwrapExpression(field.value) : undefined;
  }
  return undefined;
}

function initialiserOf(variable: Variable | undefined): Node | undefined {
  const declarator = variable?.defs[0]?.node as Node | undefined;
  if (variable === undefined || declarator?.type !== 'VariableDeclarator' || declarator.id.type !== 'Identifier' || !declarator.init) return undefined;
  return isConstant(variable) ? unwrapExpression(declarator.init) : undefined;
}

/** A function made by a module that makes loggers. */
function isLoggerFunction(model: ProgramModel, callee: Node): boolean {
  if (callee.type !== 'Identifier') return false;
  const made = initialiserOf(model.scopes.variableOf(callee));
  if (made?.type !== 'CallExpression') return false;
  const factory = unwrapChain(made.callee);
  return LOGGER_FACTORIES.has(moduleOf(model, factory) ?? '');
}

/** The module that `node` stands for: `require('m')`, or a name that was given it or imported from it. */
function moduleOf(model: ProgramModel, node: Node): string | undefined {
  if (node.type === 'CallExpression') {
    const [name] = node.arguments;
    const isRequire = node.callee.type === 'Identifier' && node.callee.name === 'require';
    return isRequire && name?.type === 'Literal' && typeof name.value === 'string' ? name.value : undefined;
  }
  if (node.type !== 'Identifier') return undefined;
  const variable = model.scopes.variableOf(node);
  const declaration = variable?.defs[0]?.parent as Node | null | undefined;
  if (declaration?.type === 'ImportDeclaration') return declaration.source.value;
  const init = initialiserOf(variable);
  return init === undefined || init.type === 'Identifier' ? undefined : moduleOf(model, init);
}

/** Whether the tables say that the call does not throw itself: it gives a promise, or makes an object of a known library. */
export function isQuietByTables(model: ProgramModel, shape: CallShape): boolean {
  const { bindings } = model;
  // Constructing a root or a client opens nothing, and its factory is no less quiet.
  const called = bindings.entityOf(shape.callee);
  const made = called?.kind === 'module' ? entityOfModuleItself(called) : called;
  if (made?.kind === (shape.isNew ? 'class' : 'factory')) return made.driver.types[made.type]?.failsAtOnce !== true;
  if (bindings.acquisitionOf(shape.node)?.style === 'promise') return true;
  return failsLater(model, shape.isMethod && shape.receiver !== undefined ? shape.receiver : shape.callee);
}

/** Whether what goes wrong in `node` comes later, by a promise: an object of a driver with promises, and what its methods build up (`trx('orders').insert(…)`). */
function failsLater(model: ProgramModel, node: Node): boolean {
  for (let part = unwrapChain(node); ; ) {
    const entity = model.bindings.entityOf(part);
    if (entity?.kind === 'instance') return entity.driver.types[entity.type]?.failsAtOnce !== true;
    if (part.type === 'CallExpression') part = unwrapChain(part.callee);
    else if (part.type === 'MemberExpression') part = unwrapChain(part.object);
    else return false;
  }
}
