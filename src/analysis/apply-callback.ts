/**
 * Calls that hand a function to somebody who is known to run it: a timer, an emitter, the end of a stream, the methods of a list. Elsewhere a function that
 * may take care of the resource is out of sight (`settle-arguments.ts`).
 */
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { OTHER_TRUTHY } from '../domain/value-mask.ts';
import type { Driver } from '../drivers/driver.ts';
import type { Node } from '../syntax/estree.ts';
import type { Bound } from './bind-value.ts';
import type { CallShape } from './call-shape.ts';
import { isTouching } from './continuation.ts';
import type { Continue } from './follow-call.ts';
import { applyIteration } from './apply-iteration.ts';
import { applyListener } from './apply-listener.ts';
import { isKept, timerOf } from './timers.ts';
import { streamCallback } from './stream-callback.ts';
import { callbackOf, isFunctionLike } from './callback-function.ts';
import type { Run } from './run.ts';
import { NODE_OUTCOMES, runLater, someValue } from './run-later.ts';

/** Applies the call when it is one of these, and its function has to do with the resource. Returns false when not. */
export function applyCallback(run: Run, instruction: Instruction, shape: CallShape, disjunct: Disjunct, next: Continue, thrown: Continue): boolean {
  if (shape.arguments.length === 0 || shape.arguments.some((argument) => argument.type === 'SpreadElement')) return false;
  const timer = timerOf(run, disjunct, shape);
  if (timer !== undefined) {
    // A timer that is kept may be cleared.
    if (!isTouching(run, shape.node, timer.callback, timer.given, disjunct) || isKept(shape.node)) return false;
    runLater(run, instruction, timer.callback, timer.given, disjunct, next);
    return true;
  }
  const last = disjunct.aliases.length === 0 ? undefined : streamCallback(run, shape);
  if (last !== undefined && isFunctionLike(run, disjunct, last)) {
    for (const given of NODE_OUTCOMES) {
      if (!isTouching(run, shape.node, last, given, disjunct)) return false;
      runLater(run, instruction, last, given, disjunct, next);
    }
    return true;
  }
  if (applyListener(run, instruction, shape, disjunct, next) || applyIteration(run, instruction, shape, disjunct, next, thrown)) return true;
  const driver = disjunct.aliases.length === 0 ? undefined : driverCallback(run, shape);
  if (driver === undefined || !isFunctionLike(run, disjunct, driver.callback)) return false;
  if (!driver.outcomes.some((given) => isTouching(run, shape.node, driver.callback, given, disjunct))) return false;
  for (const given of driver.outcomes) runLater(run, instruction, driver.callback, given, disjunct, next);
  return true;
}

/**
 * The callback of another acquisition, or of a method of another object that the tables know, `pool.query(sql, callback)`, and what it is called
 * with: an error, or what it is for.
 */
function driverCallback(run: Run, shape: CallShape): { readonly callback: Node; readonly outcomes: readonly (readonly Bound[])[] } | undefined {
  const { bindings } = run.model;
  const acquisition = bindings.acquisitionOf(shape.node);
  if (acquisition === undefined) {
    const receiver = shape.isMethod && shape.receiver !== undefined ? bindings.entityOf(shape.receiver) : undefined;
    const callback = receiver?.kind === 'instance' && takesCallbacks(receiver.driver) ? shape.arguments.at(-1) : undefined;
    return callback && { callback, outcomes: NODE_OUTCOMES };
  }
  const row = acquisition.pair === undefined ? acquisition.callback : undefined;
  const callback = row && callbackOf(shape.node, row);
  if (row === undefined || callback === undefined) return undefined;
  const [failed, succeeded] = NODE_OUTCOMES;
  return { callback, outcomes: [failed!, succeeded!.map((value, index) => (index === row.handle || index === row.release ? someValue(OTHER_TRUTHY) : value))] };
}

/** Whether the methods of a library's objects report to callbacks. */
function takesCallbacks({ types }: Driver): boolean {
  return Object.values(types).some(({ members }) => Object.values(members).some((row) => row.effect === 'acquire' && row.callback !== undefined));
}
