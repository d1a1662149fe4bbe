/** Methods of lists that run a function on their elements, at once: none of them, some, or all, as a loop does. */
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Node } from '../syntax/estree.ts';
import { isSingle } from './array-value.ts';
import { forgetPlace, type Bound } from './bind-value.ts';
import type { CallShape } from './call-shape.ts';
import { functionOf } from './callback-function.ts';
import { continuationOf, isTouching, runContinuation } from './continuation.ts';
import { completesOf, type Continue } from './follow-call.ts';
import { elementsOf, heldBy, isFirstElement } from './held.ts';
import { keepInside } from './inside.ts';
import { disjunctKey, type Run } from './run.ts';
import { someValue } from './run-later.ts';

/** By name, the index of the parameter that is the element. */
const METHODS: ReadonlyMap<string, number> = new Map([
  ['forEach', 0], ['map', 0], ['flatMap', 0], ['filter', 0], ['some', 0], ['every', 0], ['find', 0], ['findIndex', 0], ['findLast', 0],
  ['findLastIndex', 0], ['reduce', 1], ['reduceRight', 1],
]);

/** Applies the call when it is such a method, and what it runs has to do with the resource. Returns false when not. */
export function applyIteration(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue, thrown: Continue): boolean {
  const element = shape.isMethod && shape.name !== undefined ? METHODS.get(shape.name) : undefined;
  const [callback] = shape.arguments;
  const { receiver } = shape;
  if (element === undefined || callback === undefined || receiver === undefined) return false;
  const callee = functionOf(run.model, callback) ?? continuationOf(run, disjunct, callback)?.callee;
  if (callee === undefined || callee.generator) return false;
  const others = [0, 1, 2, 3].map(() => someValue());
  const list = heldBy(run.model, disjunct, receiver);
  const held = elementsOf(list);
  if (held.length === 0 && !isTouching(run, shape.node, callback, others, disjunct)) {
    // A list method throws where its function does; what an async one throws lies in a promise.
    if (run.context.releaseOutcomes.size > 0) return false;
    next(disjunct);
    if (!callee.async && completesOf(run.context, callee).throws) thrown(disjunct);
    return true;
  }
  // A list that is written with one element has no others.
  const again = (states: readonly Disjunct[]): readonly Disjunct[] =>
    isSingle(receiver) ? states : repeat(run, instruction, callback, others, states, thrown);
  let states = held.length > 0 && isFirstElement(list) ? [disjunct] : again([disjunct]);
  for (const one of held) {
    // Exactly one of the elements is this one.
    const given: Bound[] = others.map((other, index) => (index === element ? { held: [one], mask: other.mask, source: undefined } : other));
    states = again(states.flatMap((state) => step(run, instruction, callback, given, state, thrown)));
  }
  for (const state of states) next(state);
  return true;
}

/** Runs the function any number of times. */
function repeat(run: Run, instruction: Instruction, callback: Node, given: readonly Bound[], starts: readonly Disjunct[], thrown: Continue): readonly Disjunct[] {
  const states: Disjunct[] = [];
  const known = new Set<string>();
  const add = (state: Disjunct): void => {
    const key = disjunctKey(state, run.context.siteId(state.site));
    if (known.has(key)) return;
    known.add(key);
    states.push(state);
  };
  for (const start of starts) add(start);
  // Grows while it is walked; facts only ever take finitely many values.
  for (const state of states) for (const after of step(run, instruction, callback, given, state, thrown)) add(after);
  return states;
}

function step(run: Run, instruction: Instruction, callback: Node, given: readonly Bound[], state: Disjunct, thrown: Continue): readonly Disjunct[] {
  const outcomes = runContinuation(run, instruction, callback, given, state);
  const place = { root: instruction.node, path: '' };
  for (const after of outcomes.thrown) thrown(keepInside(after, forgetPlace(run.model, after, place)));
  const isAsync = continuationOf(run, state, callback)?.callee.async === true;
  return outcomes.normal.map((after) => {
    const left = forgetPlace(run.model, after, place);
    const isReleased = (left.state === 'released' || left.state === 'destroyed') && state.state === 'held';
    return keepInside(after, isAsync && isReleased ? { ...left, state: 'scheduled' } : left);
  });
}
