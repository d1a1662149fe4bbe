/**
 * Holds a judgement against what executions show.
 *
 * Missing: some execution within the conventions shows it and it is not reported; one execution is enough, so this is
 * checked for every program. False: it is reported and no execution shows it; only where the exploration was exhaustive, and shows what any order would.
 */
import { DEFAULT_LIMITS, findGroundTruth, type Evidence, type ExplorationLimits, type GroundTruth } from './executor/ground-truth.ts';
import type { EventKind } from './executor/execution-runtime.ts';
import type { Judge, Judgement } from './judge.ts';

export type DisagreementKind = `${'missed' | 'false'}-${EventKind}`;

export interface Disagreement {
  readonly kind: DisagreementKind;
  /** Offset of the call it is about. */
  readonly start: number;
  /** Did some execution come to an acquisition there? */
  readonly isReached: boolean;
  /** The execution that shows what was missed. */
  readonly witness: Evidence['witness'] | undefined;
}

export interface Comparison {
  readonly truth: GroundTruth;
  readonly disagreements: readonly Disagreement[];
  /** Sites without a verdict, by reason. */
  readonly unknown: ReadonlyMap<string, number>;
}

/** Larger limits for the second look at a report that no execution seems to bear out. */
export const THOROUGH_LIMITS: ExplorationLimits = { maxExecutions: 20_000, samples: 0, maxTurns: 4 };

/** Executes and judges one program. */
export async function compareProgram(source: string, judge: Judge, limits = DEFAULT_LIMITS, thoroughLimits = THOROUGH_LIMITS): Promise<Comparison> {
  const truth = await findGroundTruth(source, limits);
  const judgement = judge(source);
  const hasUnprovenReport = EVENT_KINDS.some((kind) => reportsOf(judgement)[kind].some((start) => !truth.admissible[kind].has(start)));
  if (!hasUnprovenReport) return compareVerdicts(truth, judgement);
  // A loop may need more turns, or the program more executions, than the first look allowed.
  const thorough = await findGroundTruth(source, thoroughLimits);
  return compareVerdicts(thorough.isExhaustive ? thorough : { ...thorough, isExhaustive: truth.isExhaustive }, judgement);
}

const EVENT_KINDS: readonly EventKind[] = ['leak', 'double-release', 'use-after-release'];

function reportsOf({ sites, doubleReleases, usesAfterRelease }: Judgement): Record<EventKind, readonly number[]> {
  const leaks = sites.filter((site) => site.verdict === 'leak').map((site) => site.start);
  return { leak: leaks, 'double-release': doubleReleases, 'use-after-release': usesAfterRelease };
}

/** The disagreements between what executions show and what is reported. */
export function compareVerdicts(truth: GroundTruth, judgement: Judgement): Comparison {
  const unknown = new Map<string, number>();
  const verdicts = new Map(judgement.sites.map((site) => [site.start, site.verdict]));
  for (const { start, verdict, reason = 'no reason' } of judgement.sites) {
    if (verdict === 'unknown' && truth.acquisitions.has(start)) unknown.set(reason, (unknown.get(reason) ?? 0) + 1);
  }
  const reported = reportsOf(judgement);
  const disagreements: Disagreement[] = [];
  for (const { kind, start, acquiredAt, isProven, substitutes, witness } of truth.evidence) {
    const places = [start, ...substitutes];
    if (!isProven || places.some((place) => reported[kind].includes(place))) continue;
    // A silence that has a name is counted as such, for what happens to the handle later too.
    if (acquiredAt.some((place) => verdicts.get(place) === 'unknown')) continue;
    if (disagreements.some((other) => other.kind === `missed-${kind}` && other.start === start)) continue;
    disagreements.push({ kind: `missed-${kind}`, start, isReached: truth.acquisitions.has(start), witness });
  }
  if (truth.isExhaustive && !truth.restsOnOrder) {
    for (const kind of EVENT_KINDS) {
      for (const start of new Set(reported[kind])) {
        if (!truth.admissible[kind].has(start)) disagreements.push({ kind: `false-${kind}`, start, isReached: truth.acquisitions.has(start), witness: undefined });
      }
    }
  }
  return { truth, disagreements, unknown };
}
