/** What the syntax of a call says, read once: the receiver, the method, the arguments. No state. */
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import type { CallLike, Node } from '../syntax/estree.ts';

export interface CallShape {
  readonly node: CallLike;
  readonly callee: Node;
  /** The object a method is called on. */
  readonly receiver: Node | undefined;
  /** Name of the called method or function, when it is static. */
  readonly name: string | undefined;
  readonly isMethod: boolean;
  readonly isNew: boolean;
  readonly arguments: readonly Node[];
  /** Whether the result is awaited where the call stands. */
  readonly isAwaited: boolean;
  /** Whether a reaction is chained to the result where the call stands: `.then(…)`, `.catch(…)`, `.finally(…)`. */
  readonly isChained: boolean;
}

/** The methods of a promise. */
export const REACTIONS: ReadonlySet<string> = new Set(['then', 'catch', 'finally']);

const shapes = new WeakMap<CallLike, CallShape>();

/** The shape of `node`. */
export function callShape(node: CallLike): CallShape {
  const known = shapes.get(node);
  if (known !== undefined) return known;
  const callee = unwrapChain(node.type === 'TaggedTemplateExpression' ? node.tag : node.callee);
  const isMember = callee.type === 'MemberExpression';
  const shape: CallShape = {
    node,
    callee,
    receiver: isMember ? callee.object : undefined,
    name: isMember ? staticMemberName(callee) : callee.type === 'Identifier' ? callee.name : undefined,
    isMethod: isMember && node.type !== 'NewExpression',
    isNew: node.type === 'NewExpression' || callee.type === 'Super',
    arguments: node.type === 'TaggedTemplateExpression' ? node.quasi.expressions : node.arguments,
    isAwaited: isAwaited(node),
    isChained: isChained(node),
  };
  shapes.set(node, shape);
  return shape;
}

function isAwaited(node: Node): boolean {
  let parent = node.parent;
  while (parent && (parent.type === 'ChainExpression' || (parent.type.startsWith('TS') && 'expression' in parent))) parent = parent.parent;
  return parent?.type === 'AwaitExpression';
}

function isChained(node: Node): boolean {
  const { parent } = node;
  if (parent?.type !== 'MemberExpression' || parent.object !== node || parent.parent.type !== 'CallExpression' || parent.parent.callee !== parent) return false;
  return REACTIONS.has(staticMemberName(parent) ?? '');
}

/** Methods of collections that keep what they are given. */
const CONTAINER_METHODS = new Set(['push', 'unshift', 'add', 'set', 'splice', 'append', 'enqueue', 'fill', 'concat']);

/** Whether the call puts its arguments into a collection. */
export function isContainerCall(shape: CallShape): boolean {
  return shape.isMethod && shape.name !== undefined && CONTAINER_METHODS.has(shape.name);
}

const LIST_METHODS = new Set([
  'forEach', 'map', 'flatMap', 'filter', 'some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex', 'reduce', 'reduceRight',
]);

/** Whether a method of this name runs a function on the elements of a list. */
export function isListMethod(name: string | undefined): boolean {
  return name !== undefined && LIST_METHODS.has(name);
}

const COMBINATORS = new Set(['all', 'allSettled', 'race', 'any', 'resolve']);

/** Whether the call is `Promise.all(…)` or one of its like. */
export function isPromiseCombinator(shape: CallShape): boolean {
  return shape.receiver?.type === 'Identifier' && shape.receiver.name === 'Promise' && shape.name !== undefined && COMBINATORS.has(shape.name);
}

/** Words in the name of a function that may give a connection back. Used only to be silent, never to report. */
const CARE_WORDS = new Set([
  'release', 'releases', 'close', 'dispose', 'free', 'return', 'give', 'put', 'done', 'finish', 'destroy', 'clean', 'cleanup', 'teardown', 'drain',
  'commit', 'rollback', 'abort', 'end', 'adopt', 'defer', 'recycle', 'reclaim', 'disconnect', 'checkin', 'quit', 'terminate', 'finalize',
  'finalise', 'shutdown', 'complete', 'transfer', 'exit',
]);

/** A name that says it keeps a connection: `pushConnection`, `registerClient`. */
const KEEPS_NAME = /^_?(?:push|add|set|store|save|keep|register|attach|track|cache|remember)(?:db|pool|pg)?(?:client|conn|connection)s?$/i;

/** Whether a function that we cannot see might, by its name, take care of what it is given. */
export function mayTakeCare(shape: CallShape): boolean {
  if (shape.name === undefined) return false;
  if (KEEPS_NAME.test(shape.name)) return true;
  const words = shape.name.replace(/([a-z0-9])([A-Z])/g, '$1 $2').toLowerCase().split(/[^a-z]+/);
  return words.some((word) => CARE_WORDS.has(word));
}

/** Names of methods by which an object gives up what it is. Used only to be silent, never to report. */
const GIVES_UP = new Set(['close', 'end', 'release', 'destroy', 'dispose', 'disconnect', 'free', 'quit', 'terminate', 'return', 'giveBack', 'done', 'finish', 'kill']);

/** Whether a method of an object whose library is not known gives the object up, by its name. */
export function mayGiveUp(shape: CallShape): boolean {
  return shape.isMethod && shape.name !== undefined && GIVES_UP.has(shape.name);
}
