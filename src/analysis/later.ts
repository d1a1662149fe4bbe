/**
 * When a release happens that lies in code which a promise stands for. Where the promise is waited for, in order; else later than the code
 * that follows, in an order that the source does not show: from such a release neither a second release nor a use can be called one "after" it.
 */
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { withFact } from '../domain/facts.ts';
import { TRUE } from '../domain/value-mask.ts';
import { isFunctionNode, type CallLike, type Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { callShape, isPromiseCombinator } from './call-shape.ts';
import type { Run } from './run.ts';

/**
 * `after`, the outcome of `call`, which was made with `before` and gives a promise for all it ran. `isLater`: a release before the call
 * already lies in that promise.
 */
export function orderRelease(run: Run, call: CallLike, before: Disjunct, after: Disjunct, isLater = false): Disjunct {
  if (!isReleased(after)) return after;
  const key = run.model.places.placeKey(call, FACT_PATHS.later).id;
  if (!isLater && before.state === after.state) return after;
  const noted = { ...after, facts: withFact(after.facts, key, TRUE) };
  if (callShape(call).isChained || combinatorOf(call) !== undefined) return noted;
  switch (waitOf(call)) {
    case 'awaited':
      return after;
    case 'returned':
      return noted;
    case 'none':
      return { ...after, state: 'scheduled' };
  }
}

/** Whether the value of `node` is awaited where it stands, or returned, so that nothing of this function runs before it is settled. */
export function waitOf(node: Node): 'awaited' | 'returned' | 'none' {
  let value = node;
  for (let parent = value.parent; parent; value = parent, parent = parent.parent) {
    if (parent.type === 'AwaitExpression') return 'awaited';
    if (parent.type === 'ReturnStatement') return isInsideTry(parent) ? 'none' : 'returned';
    if (isFunctionNode(parent)) return parent.body === value ? 'returned' : 'none';
    if (!passesOn(parent, value)) return 'none';
  }
  return 'none';
}

/** Whether the promise that `node` gives, or one that is chained to it, is returned from a `try` block whose `finally` block runs before it settles. */
export function isReturnedFromTry(node: Node): boolean {
  let value = node;
  for (let parent = value.parent; parent; value = parent, parent = parent.parent) {
    if (parent.type === 'ReturnStatement') return isInsideTry(parent);
    const isChained = (parent.type === 'MemberExpression' && parent.object === value) || (parent.type === 'CallExpression' && parent.callee === value);
    if (isChained || passesOn(parent, value)) continue;
    const combinator = combinatorOf(value);
    if (combinator === undefined) return false;
    parent = combinator;
  }
  return false;
}

/** As `waitOf`, where the promise may be one of several that are waited for together. */
export function isWaitedFor(node: Node): boolean {
  for (let value: Node | undefined = node; value !== undefined; value = combinatorOf(value)) if (waitOf(value) !== 'none') return true;
  return false;
}

/** Whether the resource was given back, as far as this path goes. */
export function isReleased({ state }: Disjunct): boolean {
  return state === 'released' || state === 'destroyed';
}

/** The combinator that the promise (or the list of promises) `node` goes into where it stands: `Promise.all([node])`, `Promise.all(node)`. */
export function combinatorOf(node: Node): CallLike | undefined {
  let value = node;
  while (value.parent && passesOn(value.parent, value)) value = value.parent;
  const list = value.parent?.type === 'ArrayExpression' ? value.parent : value;
  const call = list.parent;
  return call?.type === 'CallExpression' && call.arguments[0] === list && isPromiseCombinator(callShape(call)) ? call : undefined;
}

/** Whether the value of `parent` is that of its operand `value`. */
function passesOn(parent: Node, value: Node): boolean {
  switch (parent.type) {
    case 'ConditionalExpression':
      return parent.test !== value;
    case 'LogicalExpression':
      return parent.right === value;
    case 'SequenceExpression':
      return parent.expressions.at(-1) === value;
    case 'ChainExpression':
      return true;
    default:
      return unwrapExpression(parent) !== parent;
  }
}

/** Whether a `finally` block runs between the `return` and the code that waits for what it returns. */
function isInsideTry(node: Node): boolean {
  let child = node;
  for (let parent = node.parent; parent && !isFunctionNode(parent); child = parent, parent = parent.parent) {
    if (parent.type === 'TryStatement' && parent.finalizer && child !== parent.finalizer) return true;
  }
  return false;
}
