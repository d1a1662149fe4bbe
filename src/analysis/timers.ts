/** Timers and their like: what is given to them runs once, after the code that follows. */
import type { Disjunct } from '../domain/disjunct.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { staticMemberName } from '../syntax/static-name.ts';
import type { Bound } from './bind-value.ts';
import type { CallShape } from './call-shape.ts';
import { isFunctionLike } from './callback-function.ts';
import { heldBy } from './held.ts';
import type { Run } from './run.ts';
import { maskOf } from './value-of.ts';

/** By name, the index of the first argument that is passed on to the function. */
const TIMERS: ReadonlyMap<string, number> = new Map([['setTimeout', 2], ['setImmediate', 1], ['queueMicrotask', 1]]);

/** What a timer was given to run, and with what. */
export interface Timer {
  readonly callback: Node;
  readonly given: readonly Bound[];
}

/** The function that the call has run later, when it is a timer. */
export function timerOf(run: Run, disjunct: Disjunct, shape: CallShape): Timer | undefined {
  const first = firstPassedOn(run, shape);
  const [callback] = shape.arguments;
  if (first === undefined || callback === undefined || !isFunctionLike(run, disjunct, callback)) return undefined;
  const given = shape.arguments.slice(first).map((argument): Bound => (
    { held: heldBy(run.model, disjunct, argument), mask: maskOf(run.model, disjunct, argument), source: argument }
  ));
  return { callback, given };
}

function firstPassedOn(run: Run, { isNew, callee, name }: CallShape): number | undefined {
  if (isNew || name === undefined) return undefined;
  if (callee.type === 'Identifier') return run.model.scopes.variableOf(callee) === undefined ? TIMERS.get(name) : undefined;
  const isProcess = callee.type === 'MemberExpression' && callee.object.type === 'Identifier' && callee.object.name === 'process';
  return isProcess && name === 'nextTick' ? 1 : undefined;
}

/** Whether something is done with the value of `call`: a timer that is kept may be cleared. `.unref()` only says that the process need not wait. */
export function isKept(call: CallLike): boolean {
  let value: Node = call;
  for (let parent = value.parent as Node | undefined; parent; value = parent, parent = parent.parent) {
    const isUnref = parent.type === 'MemberExpression' && parent.object === value && /^(?:un)?ref$/.test(staticMemberName(parent) ?? '');
    const isCalled = parent.type === 'CallExpression' && parent.callee === value;
    if (isUnref || isCalled || parent.type === 'ChainExpression') continue;
    if (parent.type === 'UnaryExpression') return parent.operator !== 'void';
    return parent.type !== 'ExpressionStatement' && !(parent.type === 'ArrowFunctionExpression' && parent.body === value);
  }
  return true;
}
