/**
 * `.then`, `.catch` and `.finally` on a promise: a split by the outcome of the promise, the reaction followed where it is registered, and the
 * promise that the call gives. What the receiver and the reactions have to do with the resource decides; nothing is known of other promises.
 */
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { factOf, withFact } from '../domain/facts.ts';
import type { Held } from '../domain/place.ts';
import { ALL, FULFILS, NULLISH, OTHER_TRUTHY, PROMISE, REJECTS, TRUE, type ValueMask } from '../domain/value-mask.ts';
import type { CallLike, Node } from '../syntax/estree.ts';
import { unwrapChain } from '../syntax/unwrap-expression.ts';
import { itself } from './apply-to-resource.ts';
import { forgetPlace, type Bound } from './bind-value.ts';
import { REACTIONS, type CallShape } from './call-shape.ts';
import { completesOf } from './completes-of.ts';
import { continuationOf, isQuietFunction, isTouching, runContinuation } from './continuation.ts';
import type { Continue, Outcomes } from './follow-call.ts';
import { heldBy } from './held.ts';
import { insideOf, keepInside, keepRejected, noteInside, type Inside } from './inside.ts';
import { isAssignedLater } from './assigned-later.ts';
import { orderRelease, waitOf } from './later.ts';
import { enterOvertaken, leaveOvertaken } from './overtaken.ts';
import { refinePlace } from './refine.ts';
import { resourcePaths } from './resource-paths.ts';
import type { Run } from './run.ts';
import { fulfilPlace, rejectPlace } from './settle-promise.ts';
import { maskOf } from './value-of.ts';

/** The reactions of one call; undefined: the outcome passes through. */
interface Reactions {
  readonly fulfilled: Node | undefined;
  readonly rejected: Node | undefined;
  /** `.finally`: called with nothing on both sides, and the outcome passes through. */
  readonly isFinally: boolean;
}

/** What the receiver of a reaction may come to. */
interface Settled {
  /** The disjunct in which it is fulfilled, and with what. */
  readonly fulfilled: { readonly state: Disjunct; readonly value: Bound } | undefined;
  readonly rejected: { readonly state: Disjunct; readonly inside: Inside } | undefined;
}

/** Applies the call when it registers reactions. Returns false when it is none. */
export function applyReaction(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue): boolean {
  const { receiver } = shape;
  if (!shape.isMethod || receiver === undefined || shape.name === undefined || !REACTIONS.has(shape.name)) return false;
  if (shape.arguments.some((argument) => argument.type === 'SpreadElement')) return false;
  // `undefined.then(f)` is a TypeError.
  if ((maskOf(run.model, disjunct, receiver) & ~NULLISH) === 0) return false;
  const held = heldBy(run.model, disjunct, receiver);
  const role = itself(held)?.role;
  // Of a pair it is not known whether it gives promises; one that is asked for reactions does.
  if (role !== undefined && role !== 'promise' && !(role === 'handle' && disjunct.site?.acquisition.style === 'either')) return false;
  const reactions = reactionsOf(shape);
  if (held.length === 0 && !isAnyTouching(run, shape.node, reactions, disjunct)) {
    sendUntouched(run, shape, reactions, disjunct, next);
    return true;
  }
  const settled = settledReceiver(run, receiver, disjunct, held);
  const send = (state: Disjunct): void => {
    sendLeaving(run, shape, disjunct, state, next);
  };
  if (settled.fulfilled !== undefined) {
    const { state, value } = settled.fulfilled;
    if (reactions.fulfilled === undefined) pass(run, shape, receiver, state, send);
    else react(run, instruction, shape, reactions, reactions.fulfilled, [value], { state, inside: {} }, send, (after) => pass(run, shape, receiver, after, send));
  }
  if (settled.rejected !== undefined) {
    const { state, inside } = settled.rejected;
    const reject = (after: Disjunct): void => send(keepRejected(after, rejectPlace(run.model, after, placeOf(shape))));
    if (reactions.rejected === undefined) reject(noteInside(state, inside));
    else react(run, instruction, shape, reactions, reactions.rejected, [ERROR], settled.rejected, send, reject);
  }
  return true;
}

/** Goes on behind the call: a release in the chain happens now or later, and what nobody waits for is not seen in order. */
function sendLeaving(run: Run, shape: CallShape, before: Disjunct, state: Disjunct, next: Continue): void {
  const { model } = run;
  const isLast = !shape.isChained && waitOf(shape.node) === 'none';
  if (isLast && model.places.factAt(state.facts, shape.node, '') === REJECTS && endsProcess(run, shape.node)) return;
  if (isLast && state.state === 'held' && isAssignedLater(shape.node, state)) {
    run.settle(state, { kind: 'unknown', why: 'continuation' }, shape.node);
    return;
  }
  const from = model.placeOf(shape.receiver!);
  const isLater = model.places.factAt(before.facts, from.root, from.path + FACT_PATHS.later) === TRUE;
  next(keepInside(state, orderRelease(run, shape.node, before, state, isLater)));
}

/** Whether a rejection that nobody handles happens at the top level of a module: like a throw there, it ends the process. */
function endsProcess(run: Run, call: Node): boolean {
  if (run.unit.type !== 'Program') return false;
  let { parent } = call;
  while (parent && (parent.type === 'ChainExpression' || parent.type === 'UnaryExpression')) parent = parent.parent;
  return parent?.type === 'ExpressionStatement';
}

/** Whoever rejects does so with an error. */
const ERROR: Bound = { held: [], mask: OTHER_TRUTHY, source: undefined };

function placeOf(shape: CallShape): { root: Node; path: string } {
  return { root: shape.node, path: '' };
}

function reactionsOf(shape: CallShape): Reactions {
  const [first, second] = shape.arguments.map((argument) => (isCallable(argument) ? argument : undefined));
  switch (shape.name) {
    case 'then':
      return { fulfilled: first, rejected: second, isFinally: false };
    case 'catch':
      return { fulfilled: undefined, rejected: first, isFinally: false };
    default:
      return { fulfilled: first, rejected: first, isFinally: true };
  }
}

/** Whether the argument may be a function: `.then(undefined, f)` has no first reaction. */
function isCallable(node: Node): boolean {
  const value = unwrapChain(node);
  return value.type !== 'Literal' && !(value.type === 'Identifier' && value.name === 'undefined');
}

function isAnyTouching(run: Run, call: CallLike, reactions: Reactions, disjunct: Disjunct): boolean {
  return [reactions.fulfilled, reactions.rejected].some((node) => node !== undefined && isTouching(run, call, node, [], disjunct));
}

/** Nothing that we follow is touched: only how the promise may be settled is noted. */
function sendUntouched(run: Run, shape: CallShape, reactions: Reactions, disjunct: Disjunct, next: Continue): void {
  const mask = shape.receiver === undefined ? ALL : maskOf(run.model, disjunct, shape.receiver);
  const received = mask === FULFILS || mask === REJECTS ? mask : PROMISE;
  const fulfilled = (received & FULFILS) === 0 ? 0 : settlementOf(run, disjunct, reactions.fulfilled, FULFILS);
  const rejected = (received & REJECTS) === 0 ? 0 : settlementOf(run, disjunct, reactions.rejected, REJECTS);
  const given = fulfilled | rejected;
  // The outcome passes through a `finally` that returns.
  const settled = reactions.isFinally ? (given & REJECTS) | ((given & FULFILS) === 0 ? 0 : received) : given;
  // Neither: the reaction ends the process.
  if (settled === 0) return;
  const state = settled === PROMISE ? disjunct : { ...disjunct, facts: withFact(disjunct.facts, run.model.places.placeKey(shape.node, '').id, settled) };
  // A rejection that came before is told where it came from.
  sendLeaving(run, shape, disjunct, received === REJECTS && settled === REJECTS ? noteInside(state, { isRejected: true }) : state, next);
}

/** How the promise may be settled after `reaction` ran; without one, `passed`. */
function settlementOf(run: Run, disjunct: Disjunct, reaction: Node | undefined, passed: ValueMask): ValueMask {
  if (reaction === undefined) return passed;
  const callee = continuationOf(run, disjunct, reaction)?.callee;
  if (callee === undefined) return isQuietFunction(reaction) ? FULFILS : PROMISE;
  if (callee.generator) return FULFILS;
  const completes = completesOf(run.context, callee);
  return (completes.fulfils ? FULFILS : 0) | (completes.throws || completes.rejects ? REJECTS : 0);
}

/** Splits by the outcome of the receiver. The promise of the resource is fulfilled: an acquisition that fails has acquired nothing. */
function settledReceiver(run: Run, receiver: Node, disjunct: Disjunct, held: readonly Held[]): Settled {
  const { model, tests } = run;
  const mask = maskOf(model, disjunct, receiver);
  const place = model.placeOf(receiver);
  const known = model.places.factAt(disjunct.facts, place.root, place.path + FACT_PATHS.value);
  const isResource = held.some((one) => one.path === '');
  const value: Bound = {
    held: held.map((one): Held => (one.path === '' && one.role === 'promise' ? { ...one, role: 'handle' } : one)),
    mask: isResource || resourcePaths(run, unwrapChain(receiver)).includes('') ? OTHER_TRUTHY : known,
    source: undefined,
  };
  // A promise that is known to be rejected was so before.
  const inside = mask === REJECTS ? {} : { rejected: receiver };
  const refined = (allowed: ValueMask): Disjunct => refinePlace(model, tests, disjunct, { expression: receiver, path: '' }, allowed) ?? disjunct;
  return {
    fulfilled: mask === REJECTS && !isResource ? undefined : { state: refined(~REJECTS), value },
    rejected: mask === FULFILS || isResource || (mask & ~NULLISH) === 0 ? undefined : { state: refined(REJECTS), inside },
  };
}

/** The outcome of the receiver, in which it is fulfilled, passes through. */
function pass(run: Run, shape: CallShape, receiver: Node, state: Disjunct, send: Continue): void {
  const { model, tests } = run;
  const place = model.placeOf(receiver);
  const value = model.places.factAt(state.facts, place.root, place.path + FACT_PATHS.value);
  const held = heldBy(model, state, receiver);
  send(keepInside(state, fulfilPlace(model, tests, state, placeOf(shape), held, value)));
}

/** Runs a reaction: what it returns is taken over, or, of `.finally`, `passOn` goes on with the outcome of the receiver. */
function react(
  run: Run,
  instruction: Instruction,
  shape: CallShape,
  { isFinally }: Reactions,
  node: Node,
  given: readonly Bound[],
  { state, inside }: { readonly state: Disjunct; readonly inside: Inside },
  send: Continue,
  passOn: Continue,
): void {
  const ran = runContinuation(run, instruction, node, isFinally ? [] : given, enterOvertaken(run.model, shape.node, state, 'the beginning'), inside);
  const back = (after: Disjunct): Disjunct => keepInside(after, leaveOvertaken(run.model, state, after));
  const outcomes = adopt(run, shape, { normal: ran.normal.map(back), thrown: ran.thrown.map(back) });
  for (const after of outcomes.normal) {
    if (isFinally) passOn(keepInside(after, forgetPlace(run.model, after, placeOf(shape))));
    else send(after);
  }
  for (const after of outcomes.thrown) send(after);
}

/**
 * The outcomes of a reaction that acquired something, in the terms of the promise that `shape` gives. Where a function of the chain puts it
 * into a variable around the chain, and nobody waits for that, it is not seen when it is there.
 */
export function leaveReaction(run: Run, shape: CallShape, outcomes: Outcomes): readonly Disjunct[] {
  const { normal, thrown } = adopt(run, shape, outcomes);
  const passed = shape.name === 'finally' ? normal.map((state) => forgetPlace(run.model, state, placeOf(shape))) : normal;
  return [...passed, ...thrown].filter((state) => shape.isChained || !isAssignedLater(shape.node, state));
}

/** The promise takes over what its reaction gave: a promise with its outcome, anything else as its value. */
function adopt(run: Run, shape: CallShape, outcomes: Outcomes): { normal: readonly Disjunct[]; thrown: readonly Disjunct[] } {
  const { model, tests } = run;
  const place = placeOf(shape);
  const key = model.places.placeKey(shape.node, '').id;
  const normal: Disjunct[] = [];
  const rejected = (state: Disjunct): Disjunct => keepRejected(state, rejectPlace(model, state, place));
  const thrown = outcomes.thrown.map(rejected);
  for (const state of outcomes.normal) {
    const mask = factOf(state.facts, key);
    const held = heldBy(model, state, shape.node);
    if (mask === REJECTS) {
      thrown.push(rejected(state));
    } else if (mask === FULFILS) {
      normal.push(state);
    } else {
      const mayReject = model.places.factAt(state.facts, shape.node, FACT_PATHS.rejects) === TRUE && itself(held) === undefined;
      normal.push(keepInside(state, fulfilPlace(model, tests, state, place, held, mask)));
      if (mayReject) thrown.push(noteInside(rejectPlace(model, state, place), { ...insideOf(state), isRejected: true, returnsRejection: true }));
    }
  }
  return { normal, thrown };
}
