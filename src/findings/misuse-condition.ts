/** On which path a second release, or a use after it, comes about: a sentence that leaves this out says too much. */
import type { Node } from '../syntax/estree.ts';
import type { MisuseCondition } from './finding.ts';
import { passesOn } from './leak-cause.ts';
import { decisionOf, dependsOn, throwerOf, type Move, type Trace } from './trace-history.ts';

/**
 * What has to happen on the path of `trace` for `misuse` to come after the release: the last throw, else a test that one of the two depends on.
 * Undefined where it happens on every path.
 */
export function conditionOf(trace: Trace, release: Move, misuse: Node): MisuseCondition | undefined {
  const thrown = trace.moves.filter((move) => move.edge === 'thrown' && move !== release && !move.isTold && !passesOn(move.instruction.node)).at(-1);
  if (thrown !== undefined) return { kind: 'throws', node: throwerOf(thrown) };
  for (const move of [...trace.moves].reverse()) {
    const decision = move.instruction.op === 'branch' && !move.isTold ? decisionOf(move) : undefined;
    if (decision !== undefined && [misuse, release.instruction.node].some((call) => dependsOn(call, decision.node))) return { kind: 'branch', ...decision };
  }
  return undefined;
}
