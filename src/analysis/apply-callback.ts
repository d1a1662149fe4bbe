/**
 * Calls that hand a function to somebody who is known to run it: a timer, an emitter, the end of a stream, the methods of a list. Elsewhere a function that
 * may take care of the resource is out of sight (`settle-arguments.ts`).
 */
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import type { CallShape } from './call-shape.ts';
import { isTouching } from './continuation.ts';
import type { Continue } from './follow-call.ts';
import { applyIteration } from './apply-iteration.ts';
import { applyListener } from './apply-listener.ts';
import { isKept, timerOf } from './timers.ts';
import { streamCallback } from './stream-callback.ts';
import { isFunctionLike } from './callback-function.ts';
import type { Run } from './run.ts';
import { NODE_OUTCOMES, runLater } from './run-later.ts';

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
  return applyListener(run, instruction, shape, disjunct, next) || applyIteration(run, instruction, shape, disjunct, next, thrown);
}
