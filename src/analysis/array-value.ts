/** What is known of arrays: iterating over one does not throw, and over one with elements it takes at least one turn. */
import { isConstant, type Variable } from '../bindings/scope-index.ts';
import type { Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { callShape, isListMethod } from './call-shape.ts';
import type { ProgramModel } from './program-model.ts';

/** Methods of an array that give an array; of `Object` and `Array`, functions that do. */
const ARRAY_METHODS = new Set(['map', 'filter', 'slice', 'concat', 'flat', 'flatMap', 'reverse', 'sort', 'toSorted', 'toReversed', 'splice']);
const ARRAY_FUNCTIONS: Readonly<Record<string, ReadonlySet<string>>> = {
  Object: new Set(['keys', 'values', 'entries']),
  Array: new Set(['from', 'of']),
};

/** Whether the value of `node` is a native array: a literal, a constant that was given one, or what an array's methods give. */
export function isArrayValue(model: ProgramModel, node: Node): boolean {
  const value = givenValue(model, node);
  if (value.type === 'ArrayExpression' || combined(model, value) !== undefined) return true;
  if (value.type !== 'CallExpression') return false;
  const callee = unwrapExpression(value.callee);
  const name = callee.type === 'MemberExpression' ? staticMemberName(callee) : undefined;
  if (callee.type !== 'MemberExpression' || name === undefined) return false;
  const object = unwrapExpression(callee.object);
  if (object.type === 'Identifier' && model.scopes.variableOf(object) === undefined) return ARRAY_FUNCTIONS[object.name]?.has(name) === true;
  return ARRAY_METHODS.has(name) && isArrayValue(model, object);
}

/** Whether the value of `node` is an array with at least one element: a literal, a constant that was given one, or what is made of each of its elements. */
export function isNonEmptyArray(model: ProgramModel, node: Node): boolean {
  const value = sourceOf(model, node);
  return value?.type === 'ArrayExpression' && value.elements.some((element) => element !== null && element.type !== 'SpreadElement');
}

/** The expression that a constant was given; else the expression itself. */
function givenValue(model: ProgramModel, node: Node): Node {
  const value = unwrapExpression(node);
  const variable = value.type === 'Identifier' ? model.scopes.variableOf(value) : undefined;
  const declarator = variable?.defs[0]?.node as Node | undefined;
  if (variable === undefined || declarator?.type !== 'VariableDeclarator' || !declarator.init || declarator.id.type !== 'Identifier' || !isConstant(variable)) return value;
  return unwrapExpression(declarator.init);
}

/** How many elements the value of `node` has, when that is known: of an array literal, what is made of each of its elements, or a constant that is only read. */
export function elementCount(model: ProgramModel, node: Node): number | undefined {
  const value = sourceOf(model, node, (list) => references(model, list).every((reference) => reference.init === true || isRead(reference.identifier as Node)));
  if (value?.type !== 'ArrayExpression' || value.elements.some((element) => element?.type === 'SpreadElement')) return undefined;
  return value.elements.length;
}

function references(model: ProgramModel, list: Node): Variable['references'] {
  return list.type === 'Identifier' ? (model.scopes.variableOf(list)?.references ?? []) : [];
}

/** The expression whose elements those of `node` are, or are made of one by one: `ids` in `await Promise.all(ids.map(open))`. Undefined beyond a list that `isKept` denies. */
function sourceOf(model: ProgramModel, node: Node, isKept: (list: Node) => boolean = () => true): Node | undefined {
  const list = unwrapExpression(node);
  if (!isKept(list)) return undefined;
  const value = givenValue(model, list);
  const all = combined(model, value);
  if (all !== undefined) return sourceOf(model, all, isKept);
  const shape = value.type === 'CallExpression' ? callShape(value) : undefined;
  return shape?.isMethod === true && shape.name === 'map' && shape.receiver !== undefined ? sourceOf(model, shape.receiver, isKept) : value;
}

/** The list of promises, where `value` is the list of what they came to: `await Promise.all(list)`. */
function combined(model: ProgramModel, value: Node): Node | undefined {
  const call = value.type === 'AwaitExpression' ? unwrapExpression(value.argument) : undefined;
  const shape = call?.type === 'CallExpression' ? callShape(call) : undefined;
  const { receiver } = shape ?? {};
  if (shape === undefined || receiver?.type !== 'Identifier' || receiver.name !== 'Promise' || model.scopes.variableOf(receiver) !== undefined) return undefined;
  return shape.name === 'all' || shape.name === 'allSettled' ? shape.arguments[0] : undefined;
}

/** Whether the list at `node` is only read: an element, its length, or by a method that leaves it as it is. */
function isRead(node: Node): boolean {
  const { parent } = node;
  if (parent?.type === 'ForOfStatement') return parent.right === node;
  if (parent?.type !== 'MemberExpression' || parent.object !== node || MUTATORS.has(staticMemberName(parent) ?? '')) return false;
  const use = parent.parent;
  return !(use.type === 'AssignmentExpression' && use.left === parent) && use.type !== 'UpdateExpression';
}

/** Whether `node` is a list of the code itself, written as an array literal, of which elements are only added and gone through: nothing leaves it. */
export function isGrowingList(model: ProgramModel, node: Node): boolean {
  const list = unwrapExpression(node);
  const variable = list.type === 'Identifier' ? model.scopes.variableOf(list) : undefined;
  if (variable === undefined || givenValue(model, list).type !== 'ArrayExpression') return false;
  return variable.references.every((reference) => reference.init === true || isGoneThrough(reference.identifier as Node));
}

/** Whether the list at `node` is gone through by a loop or a method, or gets another element. */
function isGoneThrough(node: Node): boolean {
  const { parent } = node;
  if (parent?.type === 'ForOfStatement') return parent.right === node;
  if (parent?.type !== 'MemberExpression' || parent.object !== node) return false;
  const name = staticMemberName(parent);
  const use = parent.parent;
  if (name === 'length') return use.type !== 'AssignmentExpression' && use.type !== 'UpdateExpression';
  return use.type === 'CallExpression' && use.callee === parent && (name === 'push' || name === 'unshift' || isListMethod(name));
}

const MUTATORS = new Set(['push', 'unshift', 'pop', 'shift', 'splice', 'fill', 'copyWithin', 'sort', 'reverse']);

/** Whether the list is written with one element. */
export function isSingle(node: Node): boolean {
  const list = unwrapExpression(node);
  return list.type === 'ArrayExpression' && list.elements.length === 1 && list.elements[0]?.type !== 'SpreadElement';
}
