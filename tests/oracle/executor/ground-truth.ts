/**
 * What the executions of a program prove about it.
 *
 * Every function of the file that acquires is run from its start under every sequence of choices: depth first over the
 * choice points in the order of execution, up to a number of executions. Beyond it the exploration is not
 * exhaustive (only missing reports can be shown then), and random sequences look into the rest.
 */
import { prepareProgram, type ExecutableProgram } from './executable-program.ts';
import type { Chooser, EventKind, ObservedEvent } from './execution-runtime.ts';
import type { EntryPoint } from './find-entries.ts';
import { SeededRandom } from '../seeded-random.ts';

/** One decision of an execution: the n-th time the call of that label was reached, it took that option. */
export interface Choice {
  readonly key: string;
  readonly option: number;
}

/** Something that executions show at a call. */
export interface Evidence {
  readonly kind: EventKind;
  readonly start: number;
  /** The calls that may be taken for the acquisition. */
  readonly acquiredAt: readonly number[];
  /** Some execution within the conventions shows it: it must be reported here, or at a substitute. */
  isProven: boolean;
  readonly substitutes: ReadonlySet<number>;
  /** The choices of the first execution that showed it, after the name of the entry. */
  witness: { readonly entry: string; readonly choices: readonly Choice[] };
}

export interface GroundTruth {
  /** Starts of the calls that acquired, or were refused, in some execution. */
  readonly acquisitions: ReadonlySet<number>;
  readonly evidence: readonly Evidence[];
  /** Starts at which a report of that kind is right or at least not wrong. */
  readonly admissible: Readonly<Record<EventKind, ReadonlySet<number>>>;
  readonly isExhaustive: boolean;
  /** Some execution went on as it did because of an order that the text does not show. */
  readonly restsOnOrder: boolean;
  readonly executions: number;
  /** The largest number of choices in one execution. */
  readonly longestPath: number;
}

export interface ExplorationLimits {
  /** Executions per program, depth first. */
  readonly maxExecutions: number;
  /** Random executions added when the former did not suffice. */
  readonly samples: number;
  readonly maxTurns: number;
}

export const DEFAULT_LIMITS: ExplorationLimits = { maxExecutions: 800, samples: 150, maxTurns: 2 };

/** Executes a program under every sequence of choices, within the limits. */
export async function findGroundTruth(source: string, limits: ExplorationLimits = DEFAULT_LIMITS): Promise<GroundTruth> {
  const stackTraceLimit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0; // errors of executions are thrown by the million
  try {
    return await explore(prepareProgram(source, limits.maxTurns), limits);
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

async function explore(program: ExecutableProgram, limits: ExplorationLimits): Promise<GroundTruth> {
  const collector = new EvidenceCollector(program);
  let isExhaustive = true;
  let restsOnOrder = false;
  let executions = 0;
  let longestPath = 0;
  for (const entry of program.entries) {
    const budget = Math.ceil((limits.maxExecutions - executions) / (program.entries.length - program.entries.indexOf(entry)));
    const path = new DepthFirstChooser();
    let isFinished = false;
    for (let count = 0; count < budget && !isFinished; count++) {
      const { events } = await program.run(entry, path);
      executions++;
      longestPath = Math.max(longestPath, path.length);
      collector.add(events, entry, path);
      restsOnOrder ||= events.some((event) => event.restsOnOrder);
      isFinished = !path.advance();
    }
    if (isFinished) continue;
    isExhaustive = false;
    const random = new SeededRandom(program.source.length);
    for (let count = 0; count < limits.samples; count++) {
      const sample = new RandomChooser(random);
      const { events } = await program.run(entry, sample);
      executions++;
      collector.add(events, entry, sample);
    }
  }
  return { ...collector.result(), isExhaustive, restsOnOrder, executions, longestPath };
}

/** A chooser that remembers what it chose. */
interface RecordingChooser extends Chooser {
  readonly taken: readonly number[];
  readonly sites: readonly number[];
}

/** Replays a prefix, then takes option 0; `advance` moves to the next sequence in depth-first order. */
export class DepthFirstChooser implements RecordingChooser {
  taken: number[] = [];
  sites: number[] = [];
  private widths: number[] = [];
  private position = 0;
  private prefixLength = 0;

  get length(): number {
    return this.position;
  }

  choose(site: number, options: number): number {
    const index = this.position++;
    if (index < this.prefixLength) {
      if (this.sites[index] !== site || this.widths[index] !== options) throw new NondeterministicExecution();
      return this.taken[index] ?? 0;
    }
    this.taken[index] = 0;
    this.sites[index] = site;
    this.widths[index] = options;
    return 0;
  }

  /** False when every sequence has been executed. */
  advance(): boolean {
    let last = this.position - 1;
    while (last >= 0 && (this.taken[last] ?? 0) + 1 >= (this.widths[last] ?? 0)) last--;
    if (last < 0) return false;
    this.taken.length = this.sites.length = this.widths.length = last + 1;
    this.taken[last] = (this.taken[last] ?? 0) + 1;
    this.prefixLength = last + 1;
    this.position = 0;
    return true;
  }
}

/** The same choices led to different calls: a fault of the oracle, never of the program. */
export class NondeterministicExecution extends Error {}

class RandomChooser implements RecordingChooser {
  readonly taken: number[] = [];
  readonly sites: number[] = [];

  constructor(private readonly random: SeededRandom) {}

  choose(site: number, options: number): number {
    const option = this.random.chance(0.5) ? 0 : this.random.below(options);
    this.taken.push(option);
    this.sites.push(site);
    return option;
  }
}

/** Follows recorded choices by key, so that a program can be executed as another version of it was; option 0 elsewhere. */
export class ReplayChooser implements Chooser {
  private readonly options = new Map<string, number>();
  private readonly counts = new Map<string, number>();

  constructor(choices: readonly Choice[], private readonly program: ExecutableProgram) {
    for (const { key, option } of choices) this.options.set(key, option);
  }

  choose(site: number, options: number): number {
    return Math.min(this.options.get(choiceKey(this.program, site, this.counts)) ?? 0, options - 1);
  }
}

/** The key of the choice that is made now: label of the call and how often that call chose before. */
export function choiceKey(program: ExecutableProgram, site: number, counts: Map<string, number>): string {
  const label = program.sites[site]?.label ?? `parameter ${program.parameterChoices[-1 - site] ?? '?'}`;
  const count = (counts.get(label) ?? 0) + 1;
  counts.set(label, count);
  return `${label}#${count}`;
}

class EvidenceCollector {
  private readonly found = new Map<string, Evidence & { substitutes: Set<number> }>();
  private readonly admissible: Record<EventKind, Set<number>> = { leak: new Set(), 'double-release': new Set(), 'use-after-release': new Set() };

  constructor(private readonly program: ExecutableProgram) {}

  add(events: readonly ObservedEvent[], entry: EntryPoint, chooser: RecordingChooser): void {
    // A function that only this code can call may always be called where the process ends when it throws: such a leak is shown by its callers.
    const mayEndWithCaller = entry.isPrivate && this.program.source.includes('process.exit(');
    for (const event of events) {
      const isDoubtful = event.isDoubtful || (event.kind === 'leak' && mayEndWithCaller);
      const start = this.startOf(event.site);
      const admissible = this.admissible[event.kind];
      const others = [...event.substitutes.map((site) => this.startOf(site)), ...[event.site, ...event.substitutes].flatMap((site) => this.program.sites[site]?.references ?? [])];
      for (const position of [start, ...others, ...event.tolerated.map((site) => this.startOf(site))]) admissible.add(position);
      const key = `${event.kind}:${event.site}:${event.acquiredAt.join()}`;
      const known = this.found.get(key);
      if (known?.isProven || (known && isDoubtful)) continue;
      this.found.set(key, {
        kind: event.kind,
        start,
        acquiredAt: event.acquiredAt.map((site) => this.startOf(site)),
        isProven: !isDoubtful,
        substitutes: new Set(others),
        witness: { entry: entry.name, choices: this.choicesOf(chooser) },
      });
    }
  }

  result(): Pick<GroundTruth, 'acquisitions' | 'evidence' | 'admissible'> {
    return {
      acquisitions: new Set([...this.program.acquiringSites].map((site) => this.startOf(site))),
      evidence: [...this.found.values()],
      admissible: this.admissible,
    };
  }

  private choicesOf(chooser: RecordingChooser): Choice[] {
    const counts = new Map<string, number>();
    return chooser.sites.map((site, index) => ({ key: choiceKey(this.program, site, counts), option: chooser.taken[index] ?? 0 }));
  }

  private startOf(site: number): number {
    return this.program.sites[site]?.start ?? -1;
  }
}
