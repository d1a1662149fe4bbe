/**
 * One run of the oracle: generate, execute, judge, compare, count, and shrink what disagrees.
 */
import { compareProgram, type Disagreement, type DisagreementKind } from './compare-verdicts.ts';
import { DEFAULT_LIMITS, type ExplorationLimits } from './executor/ground-truth.ts';
import { generateProgram, knownConstructs } from './generator/generate-program.ts';
import type { Judge } from './judge.ts';
import { minimiseProgram } from './minimise-program.ts';

export interface OracleRunOptions {
  readonly seed: number;
  readonly programs: number;
  readonly family: string;
  readonly judge: Judge;
  /** Disagreements to shrink; the others are only named. */
  readonly maxMinimised: number;
  readonly limits?: ExplorationLimits;
  /** The first program; 0 unless one program is looked at alone. */
  readonly first?: number;
  onProgress?(done: number): void;
}

export interface FoundDisagreement {
  readonly family: string;
  readonly index: number;
  readonly disagreement: Disagreement;
  readonly source: string;
  /** The shrunk program with its own disagreement of the same kind. */
  readonly minimised: { readonly source: string; readonly disagreement: Disagreement } | undefined;
}

export interface OracleReport {
  readonly seed: number;
  readonly family: string;
  programs: number;
  sites: number;
  leaks: number;
  safe: number;
  doubleReleases: number;
  usesAfterRelease: number;
  doubtful: number;
  exhaustive: number;
  executions: number;
  readonly unknown: Map<string, number>;
  /** How many programs contain each construct; 0 for one that was never written. */
  readonly constructs: Map<string, number>;
  readonly disagreements: FoundDisagreement[];
  /** Programs that could not be executed: a fault of the oracle. */
  readonly failures: { readonly index: number; readonly message: string }[];
}

/** Runs programs `first` … `first + programs - 1` of a seed. */
export async function runOracle(options: OracleRunOptions): Promise<OracleReport> {
  const { seed, family, judge, limits = DEFAULT_LIMITS, first = 0 } = options;
  const report: OracleReport = {
    seed, family, programs: 0, sites: 0, leaks: 0, safe: 0, doubleReleases: 0, usesAfterRelease: 0, doubtful: 0, exhaustive: 0, executions: 0,
    unknown: new Map(), constructs: new Map(knownConstructs(family).map((name) => [name, 0])), disagreements: [], failures: [],
  };
  for (let index = first; index < first + options.programs; index++) {
    const program = generateProgram(seed, index, family);
    report.programs++;
    for (const name of program.constructs) report.constructs.set(name, (report.constructs.get(name) ?? 0) + 1);
    try {
      await runProgram(report, options, index, program.source, judge, limits);
    } catch (error) {
      report.failures.push({ index, message: error instanceof Error ? (error.stack ?? error.message) : String(error) });
    }
    options.onProgress?.(report.programs);
  }
  return report;
}

async function runProgram(report: OracleReport, options: OracleRunOptions, index: number, source: string, judge: Judge, limits: ExplorationLimits): Promise<void> {
  const { truth, disagreements, unknown } = await compareProgram(source, judge, limits);
  report.executions += truth.executions;
  if (truth.isExhaustive) report.exhaustive++;
  const leaking = new Set<number>();
  for (const { kind, start, isProven } of truth.evidence) {
    if (!isProven) report.doubtful++;
    else if (kind === 'leak') leaking.add(start);
    else if (kind === 'double-release') report.doubleReleases++;
    else report.usesAfterRelease++;
  }
  report.sites += truth.acquisitions.size;
  report.leaks += leaking.size;
  report.safe += truth.acquisitions.size - leaking.size;
  for (const [reason, count] of unknown) report.unknown.set(reason, (report.unknown.get(reason) ?? 0) + count);
  const kinds = new Set<DisagreementKind>();
  for (const disagreement of disagreements) {
    if (kinds.has(disagreement.kind)) continue; // one fixture per kind and program
    kinds.add(disagreement.kind);
    const shrunkSoFar = report.disagreements.filter((found) => found.minimised).length;
    const minimised = shrunkSoFar < options.maxMinimised ? await shrink(source, disagreement, judge, limits) : undefined;
    report.disagreements.push({ family: report.family, index, disagreement, source, minimised });
  }
}

/** Shrinking looks at many programs; each of them gets a shorter second look. */
const SHRINKING_LIMITS: ExplorationLimits = { maxExecutions: 4000, samples: 0, maxTurns: 3 };

async function shrink(source: string, { kind, isReached }: Disagreement, judge: Judge, limits: ExplorationLimits): Promise<FoundDisagreement['minimised']> {
  // Code that nothing reaches any more is another matter than the one that was found.
  const find = async (text: string): Promise<Disagreement | undefined> =>
    (await compareProgram(text, judge, limits, SHRINKING_LIMITS)).disagreements.find((disagreement) => disagreement.kind === kind && disagreement.isReached === isReached);
  const small = await minimiseProgram(source, async (text) => (await find(text)) !== undefined);
  const disagreement = await find(small);
  return disagreement && { source: small, disagreement };
}
