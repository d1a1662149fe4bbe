/** Methods of lists that run a function on their elements, at once: none of them, some, or all, as a loop does. */
import type { Instruction } from '../cfg/graph.ts';
import type { Held } from '../domain/place.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { Node } from '../syntax/estree.ts';
import { elementCount } from './array-value.ts';
import { forgetPlace, type Bound } from './bind-value.ts';
import type { CallShape } from './call-shape.ts';
import { functionOf } from './callback-function.ts';
import { continuationOf, isTouching, runContinuation } from './continuation.ts';
import { completesOf, type Continue } from './follow-call.ts';
import { heldBy } from './held.ts';
import { keepInside } from './inside.ts';
import { disjunctKey, type Run } from './run.ts';
import { someValue } from './run-later.ts';

/** By name, the index of the parameter that is the element. */
const METHODS: ReadonlyMap<string, number> = new Map([
  ['forEach', 0], ['map', 0], ['flatMap', 0], ['filter', 0], ['some', 0], ['every', 0], ['find', 0], ['findIndex', 0], ['findLast', 0],
  ['findLastIndex', 0], ['reduce', 1], ['reduceRight', 1],
]);

/** Methods that stop before the end. */
const EARLY = new Set(['some', 'every', 'find', 'findIndex', 'findLast', 'findLastIndex']);

/** Literals up to this length are followed element by element. */
const LITERAL_LENGTH = 8;

/** Applies the call when it is such a method, and what it runs has to do with the resource. Returns false when not. */
export function applyIteration(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue, thrown: Continue): boolean {
  const element = shape.isMethod && shape.name !== undefined ? METHODS.get(shape.name) : undefined;
  const [callback] = shape.arguments;
  if (element === undefined || callback === undefined || shape.receiver === undefined) return false;
  const callee = functionOf(run.model, callback) ?? continuationOf(run, disjunct, callback)?.callee;
  if (callee === undefined || callee.generator) return false;
  const others = [0, 1, 2, 3].map(() => someValue());
  const held = elementsHeld(heldBy(run.model, disjunct, shape.receiver));
  if (held.length === 0 && !isTouching(run, shape.node, callback, others, disjunct)) {
    // A list method throws where its function does; what an async one throws lies in a promise.
    if (run.context.releaseOutcomes.size > 0) return false;
    next(disjunct);
    if (!callee.async && completesOf(run.context, callee).throws) thrown(disjunct);
    return true;
  }
  const count = elementCount(run.model, shape.receiver);
  const once = (states: readonly Disjunct[], given: readonly Bound[]): readonly Disjunct[] => states.flatMap((state) => step(run, instruction, callback, given, state, thrown));
  const again = (states: readonly Disjunct[]): readonly Disjunct[] => repeat(run, instruction, callback, others, states, thrown);
  const given = (one: Held): readonly Bound[] => others.map((other, index) => (index === element ? { held: [one], mask: other.mask, source: undefined } : other));
  let states: readonly Disjunct[] = [disjunct];
  if (EARLY.has(shape.name ?? '')) {
    states = again(states);
    for (const one of held) states = again([...states, ...once(states, given(one.held))]);
  } else if (count !== undefined && count <= LITERAL_LENGTH) {
    // A list that is written there: one element after the other.
    for (let index = 0; index < count; index++) {
      const one = held.find((item) => item.index === index);
      states = once(states, one === undefined ? others : given(one.held));
    }
  } else {
    states = again(states);
    // Exactly one of the elements is this one.
    for (const one of held) states = again(once(states, given(one.held)));
  }
  for (const state of states) next(state);
  return true;
}

/** What the elements of a list hold of the resource, and at which index where that is known. */
function elementsHeld(held: readonly Held[]): { readonly index: number; readonly held: Held }[] {
  const found: { index: number; held: Held }[] = [];
  for (const one of held) {
    const path = /^\.(?<index>\d+|\?)(?<rest>\..*)?$/.exec(one.path);
    if (path !== null) found.push({ index: Number(path.groups!['index']), held: { ...one, path: path.groups!['rest'] ?? '' } });
  }
  return found;
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
