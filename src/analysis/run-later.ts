/**
 * Functions that somebody runs after the code that follows: the callback of a driver, a timer, a listener. They are followed where they are handed
 * over. What such a function throws ends the process; of an async one it goes nowhere, and the path goes on.
 */
import type { Variable } from '../bindings/scope-index.ts';
import type { Instruction } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { factOf, withFact } from '../domain/facts.ts';
import { ALL, NULLISH, OTHER_TRUTHY, type ValueMask } from '../domain/value-mask.ts';
import type { Node } from '../syntax/estree.ts';
import { forgetPlace, type Bound } from './bind-value.ts';
import { enterCallback, leaveCallback } from './callback-order.ts';
import { continuationOf, runContinuation } from './continuation.ts';
import type { Continue } from './follow-call.ts';
import { keepInside } from './inside.ts';
import { withLastingFacts } from './lasting-facts.ts';
import type { Run } from './run.ts';

/** A value of which only the class is known. */
export function someValue(mask: ValueMask = ALL): Bound {
  return { held: [], mask, source: undefined };
}

/** More than any driver gives its callbacks. */
const RESULTS = Array.from({ length: 6 }, () => someValue());

/** What a callback in the style of Node is given: an error and nothing else; or no error, and results. */
export const NODE_OUTCOMES: readonly (readonly Bound[])[] = [[someValue(OTHER_TRUTHY)], [someValue(NULLISH), ...RESULTS]];

/** Follows what `node` stands for as something that runs after `disjunct`, given `given`. */
export function runLater(run: Run, instruction: Instruction, node: Node, given: readonly Bound[], disjunct: Disjunct, next: Continue): void {
  const { model } = run;
  const later = withLastingFacts(model, disjunct, instruction.node);
  const { normal, thrown } = runContinuation(run, instruction, node, given, enterCallback(model, later));
  const wasReleased = disjunct.state === 'released' || disjunct.state === 'destroyed';
  // It will end the process, by a second release or else: what follows comes before that.
  if (normal.length === 0 && thrown.length > 0 && wasReleased) next(disjunct);
  for (const state of normal) {
    const { isOrdered, state: back } = leaveCallback(model, state, later);
    if (isOrdered && back.state === 'held' && concerns(run, node, given, disjunct)) {
      run.settle(back, { kind: 'unknown', why: 'callback order' }, instruction.node);
      continue;
    }
    // What it gives back nobody receives.
    const left = forgetPlace(model, back, { root: instruction.node, path: '' });
    const isReleased = left.state === 'released' || left.state === 'destroyed';
    next(keepInside(state, {
      ...left,
      state: isReleased && !wasReleased ? 'scheduled' : left.state,
      facts: withFactsOf(left, disjunct, later),
    }));
  }
}

/** Whether the function can get at what `disjunct` follows. */
function concerns(run: Run, node: Node, given: readonly Bound[], disjunct: Disjunct): boolean {
  const callee = continuationOf(run, disjunct, node)?.callee;
  if (callee === undefined || given.some((one) => one.held.length > 0)) return true;
  const captured = run.model.capturedBy(callee);
  return disjunct.aliases.some((alias) => captured.has(alias.root) || !Array.isArray((alias.root as Partial<Variable>).defs));
}

/** The facts of `state`, and those of `before` that were not known to the function that ran later. */
function withFactsOf(state: Disjunct, before: Disjunct, later: Disjunct): Disjunct['facts'] {
  let { facts } = state;
  if (before.facts === later.facts) return facts;
  for (let index = 0; index < before.facts.length; index += 2) {
    const key = before.facts[index]!;
    if (factOf(later.facts, key) === ALL && factOf(facts, key) === ALL) facts = withFact(facts, key, before.facts[index + 1]!);
  }
  return facts;
}
