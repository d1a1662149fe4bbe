/** What all runs over one file share: the model, the index of tests, and the results that are kept. */
import type { Acquisition } from '../bindings/entity.ts';
import type { Graph } from '../cfg/graph.ts';
import { disjunctKey, type Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import type { Site } from '../domain/obligation.ts';
import type { FactKey, Root } from '../domain/place.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { FunctionNode, Node, UnitNode } from '../syntax/estree.ts';
import { CONNECTIONS, findAcquisitionCalls, type AcquisitionCall, type AcquisitionCalls, type AcquisitionKind } from './acquisition-calls.ts';
import { EntryTable } from './entry-table.ts';
import type { HandedOut } from './hand-outs.ts';
import type { ProgramModel } from './program-model.ts';
import type { Constructed, Misuse, Settled, TakenBack } from './run.ts';
import type { Arrival } from './solver.ts';
import { endOf, TestIndex } from './test-index.ts';

/** What following a call of a function into its body gave: its exits in the function's own terms, and what happened on the way. */
export interface Summary {
  readonly normal: readonly Arrival<Disjunct>[];
  readonly thrown: readonly Arrival<Disjunct>[];
  /** The graph that the arrivals are points of. */
  readonly graph: Graph;
  readonly settled: Iterable<Settled>;
  readonly settledAt: ReadonlySet<Node>;
  readonly misuses: readonly Misuse[];
  readonly releases: ReadonlyMap<Node, ReleaseEffects>;
  readonly constructed: Iterable<Constructed>;
  readonly takenBack: Iterable<TakenBack>;
}

/** Whether a function can return and can throw, whatever it is given. */
export interface Completes {
  readonly returns: boolean;
  readonly throws: boolean;
  /** Whether it can return something else than a promise that rejects, and whether it can return such a promise. */
  readonly fulfils: boolean;
  readonly rejects: boolean;
  /** It is not async, and gives a promise that is never rejected. */
  readonly keepsPromise: boolean;
}

/** What a release does on the paths that reach it. */
export interface ReleaseEffects {
  /** It gives the resource back. */
  readonly completes: boolean;
  /** It throws, because that was done before. */
  readonly throws: boolean;
  /** It is a call of a function that returns on some path without having released. */
  readonly leaves: boolean;
  /** Nothing was released before it. */
  readonly first: boolean;
}

/** A release of a unit, and which acquisitions it gives back. */
export interface UnitRelease extends ReleaseEffects {
  readonly acquisitions: ReadonlySet<Node>;
}

/** A release, as the runs of other sites meet it. */
export interface ReleaseOutcome extends ReleaseEffects {
  /** The key of "the resource that is released here is out", when there is only one. */
  readonly companion: FactKey | undefined;
}

/**
 * How many steps the exploration of a unit takes, those in the functions that it calls included, before it is given up: so many, and so many for each point of
 * its own graph. What a point keeps apart is bounded for each set of places that the resource lies in; those sets multiply where many objects refer to it. Of the
 * repositories that were seen, the largest need was 85,000, but for one unit that would not have come to an end.
 */
const STEP_BOUND = 100_000;
const STEPS_PER_POINT = 100;

/** What was found out under one assumption on what the releases of the file do. */
class Knowledge {
  readonly summaries: EntryTable<Summary>;
  readonly completions = new Map<FunctionNode, Completes>();
  readonly handOuts: EntryTable<readonly HandedOut[]>;
  readonly releaseOutcomes = new Map<Node, ReleaseOutcome>();
  readonly companions = new Map<Node, FactKey>();

  constructor(siteId: (site: Site | undefined) => number) {
    this.summaries = new EntryTable((entry) => disjunctKey(entry, siteId(entry.site)));
    this.handOuts = new EntryTable((entry) => disjunctKey(entry, -1));
  }
}

/** The results that the runs over one file share. */
export class AnalysisContext {
  readonly model: ProgramModel;
  readonly tests: TestIndex;
  /** Functions that are being followed; one that comes up again is a recursion. */
  readonly active = new Set<FunctionNode>();
  /** Functions, and the paths below what they return at which a resource lies whenever they return. */
  readonly handsOut = new Map<FunctionNode, readonly string[]>();
  /** Calls that were seen to open what was made in the code that is followed. */
  readonly opened = new Set<Node>();
  /** The calls that acquire. */
  readonly acquiringCalls: Set<Node>;
  /** Names that release something of the kinds that this file acquires. */
  readonly releaseNames = new Set<string>();
  /** Names of the pool methods and functions that take back what this file acquires, as `pool name` and `function name`. */
  readonly takeBackNames = new Set<string>();
  /** What is found out where no release throws. */
  private readonly plain = new Knowledge((site) => this.siteId(site));
  private known = this.plain;
  private readonly sites = new Map<Node, Site[]>();
  private readonly siteIds = new Map<Site, number>();

  private readonly distantCalls = new Map<ProgramModel, AcquisitionCalls>();
  private readonly lastUses = new Map<Variable, number>();

  private stepsLeft = STEP_BOUND;

  readonly kind: AcquisitionKind;

  constructor(model: ProgramModel, kind: AcquisitionKind = CONNECTIONS) {
    this.model = model;
    this.kind = kind;
    this.acquiringCalls = model.acquiringCalls;
    this.tests = new TestIndex(model);
  }

  /** Takes one step: whether the exploration of the unit, calls included, may go on. */
  takeStep(): boolean {
    return this.stepsLeft-- > 0;
  }

  /** A unit with so many points is explored for its own sake, not for a call. */
  beginUnit(points: number): void {
    this.stepsLeft = STEP_BOUND + STEPS_PER_POINT * points;
  }

  /** The one site object for this call, acquisition and origin. */
  site(node: Node, acquisition: Acquisition, origin?: Node): Site {
    const known = this.sites.get(node) ?? [];
    let site = known.find((one) => one.acquisition === acquisition && one.origin === origin);
    if (site === undefined) {
      site = { node, acquisition, origin };
      this.sites.set(node, [...known, site]);
      this.siteIds.set(site, this.siteIds.size);
    }
    return site;
  }

  /** What calls of functions gave, by what they were given. */
  get summaries(): Knowledge['summaries'] {
    return this.known.summaries;
  }

  /** Whether functions return and throw. */
  get completions(): Knowledge['completions'] {
    return this.known.completions;
  }

  /** What functions hand out, by what they were given. */
  get handOuts(): Knowledge['handOuts'] {
    return this.known.handOuts;
  }

  /**
   * Releases that throw because the resource was released before: what the run of one site found out, for the runs of the others.
   * `completes`: on some path the same call is a first release.
   */
  get releaseOutcomes(): ReadonlyMap<Node, ReleaseOutcome> {
    return this.known.releaseOutcomes;
  }

  /** The acquisitions that those releases belong to: call → the key of "this one is out". */
  get companions(): ReadonlyMap<Node, FactKey> {
    return this.known.companions;
  }

  /** The answer of `ask` where no release is known to throw. */
  withoutReleases<Answer>(ask: () => Answer): Answer {
    const { known } = this;
    this.known = this.plain;
    const answer = ask();
    this.known = known;
    return answer;
  }

  /**
   * Uses what the runs of a unit found out about its releases; an empty map forgets it. What was kept before was found without it.
   * Acquisitions that share a release (both sides of a `? :`) share the key of being out.
   */
  useReleases(releases: ReadonlyMap<Node, UnitRelease>): void {
    if (releases.size === 0) {
      this.known = this.plain;
      return;
    }
    const { companions, releaseOutcomes } = (this.known = new Knowledge((site) => this.siteId(site)));
    for (const { acquisitions } of releases.values()) {
      const shared = [...acquisitions].map((node) => companions.get(node)).find((key) => key !== undefined);
      const [first] = acquisitions;
      const key = shared ?? (first && this.model.places.placeKey(first, FACT_PATHS.out));
      if (key !== undefined) for (const node of acquisitions) companions.set(node, key);
    }
    for (const [node, { acquisitions, ...effects }] of releases) {
      const [first] = acquisitions;
      releaseOutcomes.set(node, { ...effects, companion: first && companions.get(first) });
    }
  }

  /**
   * Where the last code of `unit` that reads `root` ends; Infinity when that is not known: for a root that is no variable, one of another
   * unit, one that a function inside reads too, and one that is disposed of at the end of its scope.
   */
  lastUseOf(root: Root, unit: UnitNode): number {
    if (!Array.isArray((root as Partial<Variable>).references)) return Infinity;
    const variable = root as Variable;
    const { scopes } = this.model;
    if (scopes.unitOfVariable(variable) !== unit) return Infinity;
    let last = this.lastUses.get(variable);
    if (last === undefined) {
      const declaration = variable.defs[0]?.parent as Node | null | undefined;
      const isDisposed = declaration?.type === 'VariableDeclaration' && declaration.kind.endsWith('using');
      last = isDisposed || scopes.distantReferences(variable).length > 0
        ? Infinity
        : variable.references.reduce((end, reference) => Math.max(end, endOf(reference.identifier as Node, unit)), 0);
      this.lastUses.set(variable, last);
    }
    return last;
  }

  /** The calls of `unit`, of whatever file, that may acquire. `calls` are those of the file that is analysed. */
  acquisitionCallsOf(unit: UnitNode, calls: AcquisitionCalls): readonly AcquisitionCall[] {
    const model = this.model.modelOf(unit);
    return (model === this.model ? calls : this.callsIn(model)).byUnit.get(unit) ?? [];
  }

  /** The calls of another file that may acquire; found when one of its functions is first followed. */
  callsIn(model: ProgramModel): AcquisitionCalls {
    let calls = this.distantCalls.get(model);
    if (calls === undefined) {
      calls = findAcquisitionCalls(model, this.kind);
      this.distantCalls.set(model, calls);
      this.note(calls);
    }
    return calls;
  }

  /** Notes what acquires, and how it is given back. */
  note(calls: AcquisitionCalls): void {
    for (const call of [...calls.byUnit.values()].flat()) {
      this.acquiringCalls.add(call.node);
      const type = call.acquisition?.type;
      for (const [name, row] of Object.entries(type?.members ?? {})) if (row.effect === 'release') this.releaseNames.add(name);
      for (const back of type?.takenBackBy ?? []) this.takeBackNames.add(`${back.on} ${back.name}`);
    }
  }

  /** The tests, as the code of the file of `model` asks for them. */
  testsOf(model: ProgramModel): TestIndex {
    return model === this.model ? this.tests : this.tests.of(model);
  }

  /** A number for the site, for keys. */
  siteId(site: Site | undefined): number {
    return site === undefined ? -1 : (this.siteIds.get(site) ?? -1);
  }
}
