/**
 * The ordered pipeline over one file:
 *
 *   1. index      one walk: units, calls, classes
 *   2. calls      which calls may acquire (bindings, tables, pairs, factories of the file)
 *   3. facts      what is known before each of them
 *   4. starts     what holds just after it succeeded
 *   5. runs       follow the obligation to the exits
 *   6. outcomes   what each site came to; findings are made of them in `src/findings`
 */
import { START, type Disjunct } from '../domain/disjunct.ts';
import { factOf } from '../domain/facts.ts';
import { TRUE } from '../domain/value-mask.ts';
import type { Settlement, Site } from '../domain/obligation.ts';
import { isPromiseRoot } from '../domain/place.ts';
import type { ExitKind, Graph } from '../cfg/graph.ts';
import type { Node, UnitNode } from '../syntax/estree.ts';
import { findAcquisitionCalls, type AcquisitionCalls } from './acquisition-calls.ts';
import { passesLoop, sharedLoops } from './callback-order.ts';
import { AnalysisContext, type UnitRelease } from './analysis-context.ts';
import { callbackEntry, callbackTarget } from './callback-acquisition.ts';
import { acquiringInstructions, factsBefore, isInsideHandler, needsFacts, startsAfter, type Start } from './hand-outs.ts';
import { insideOf, type Inside } from './inside.ts';
import type { ProgramModel } from './program-model.ts';
import { outlivesCaller, outlivesPromise } from './outlives-caller.ts';
import { Run, type Misuse } from './run.ts';
import type { Arrival } from './solver.ts';

/** An exit at which the release is still owed. */
export interface OwedExit {
  readonly exit: ExitKind;
  readonly arrival: Arrival<Disjunct>;
  readonly graph: Graph;
  /** The calls of the unit that release it on some path. */
  readonly releases: ReadonlySet<Node>;
}

/** What one acquisition site came to. */
export interface SiteOutcome {
  readonly node: Node;
  /** Undefined where the call could not be followed at all. */
  readonly site: Site | undefined;
  readonly owed: readonly OwedExit[];
  readonly misuses: readonly Misuse[];
  readonly settlements: readonly Settlement[];
  /** Whether some path releases it. */
  readonly released: boolean;
  /** What a disjunct on the way of an arrival came through, for the history. */
  readonly insideOf: (disjunct: Disjunct) => Inside | undefined;
}

/** Analyses the file: one outcome per call that acquires, in source order. */
export function analyseProgramModel(model: ProgramModel): SiteOutcome[] {
  const calls = findAcquisitionCalls(model);
  if (calls.byUnit.size === 0 && calls.opens.length === 0) return [];
  const context = new AnalysisContext(model);
  context.note(calls);
  // All that is asked is known before the first function is followed: what is kept of one must serve all its callers.
  for (const unit of calls.byUnit.keys()) context.tests.register(unit);
  for (const call of [...calls.byUnit.values()].flat()) {
    const target = callbackTarget(model, call);
    if (target?.kind === 'function') context.tests.register(target.node);
  }
  const found = new Map<UnitNode, UnitOutcomes>();
  for (const unit of calls.byUnit.keys()) found.set(unit, analyseUnit(context, calls, unit));
  const outcomes = new Map<Node, MutableOutcome>();
  for (const [unit, first] of found) {
    const last = withThrowingReleases(context, calls, unit, found) ?? first;
    if (!hasComplaint(last) || isEverCalled(context, unit, found)) mergeOutcomes(outcomes, last.outcomes);
  }
  for (const open of calls.opens) {
    if (!outcomes.has(open) && !context.opened.has(open)) outcomeOf(outcomes, open).settlements.push({ kind: 'unknown', why: 'not created here' });
  }
  return [...outcomes.values()].sort((left, right) => left.node.range[0] - right.node.range[0] || right.node.range[1] - left.node.range[1]);
}

/** How often the runs of a unit are repeated with what they found out about its releases. Two rounds are nearly always enough. */
const ROUNDS = 4;

/**
 * The outcomes of a unit in which some release is a second one and throws, which changes where the paths of the other sites lead: those are followed
 * once more, until what they show of the releases is what they were told. Undefined where none throws.
 */
function withThrowingReleases(context: AnalysisContext, calls: AcquisitionCalls, unit: UnitNode, found: ReadonlyMap<UnitNode, UnitOutcomes>): UnitOutcomes | undefined {
  let releases = releasesWithin(context, unit, found);
  let last: UnitOutcomes | undefined;
  for (let round = 0; round < ROUNDS && [...releases.values()].some((release) => release.throws); round++) {
    context.useReleases(releases);
    last = analyseUnit(context, calls, unit);
    context.useReleases(new Map());
    const seen = releasesWithin(context, unit, new Map([...found, [unit, last]]));
    if (sameReleases(seen, releases)) break;
    releases = seen;
  }
  return last;
}

function sameReleases(left: ReadonlyMap<Node, UnitRelease>, right: ReadonlyMap<Node, UnitRelease>): boolean {
  if (left.size !== right.size) return false;
  for (const [node, { completes, throws }] of left) {
    const other = right.get(node);
    if (other?.completes !== completes || other.throws !== throws) return false;
  }
  return true;
}

/** The releases of the unit and of the functions inside it, which may run as a part of it. */
function releasesWithin(context: AnalysisContext, unit: UnitNode, found: ReadonlyMap<UnitNode, UnitOutcomes>): ReadonlyMap<Node, UnitRelease> {
  const own = found.get(unit)?.releases ?? new Map<Node, UnitRelease>();
  const inside = context.model.unitsInside(unit).filter((inner) => (found.get(inner)?.releases.size ?? 0) > 0);
  if (inside.length === 0) return own;
  const all = new Map(own);
  for (const inner of inside) for (const [node, release] of found.get(inner)!.releases) addRelease(all, node, release);
  return all;
}

function addRelease(releases: Map<Node, UnitRelease>, node: Node, release: UnitRelease): void {
  const known = releases.get(node);
  releases.set(node, known === undefined ? release : {
    completes: known.completes || release.completes,
    throws: known.throws || release.throws,
    acquisitions: new Set([...known.acquisitions, ...release.acquisitions]),
  });
}

/** A resource that a function called where it stands leaves to the unit around it is followed in both. */
function mergeOutcomes(into: Map<Node, MutableOutcome>, found: ReadonlyMap<Node, MutableOutcome>): void {
  for (const [node, outcome] of found) {
    const known = into.get(node);
    if (known === undefined) {
      into.set(node, outcome);
      continue;
    }
    known.site ??= outcome.site;
    known.owed.push(...outcome.owed);
    known.misuses.push(...outcome.misuses);
    known.settlements.push(...outcome.settlements);
    known.released ||= outcome.released;
  }
}

interface UnitOutcomes {
  readonly outcomes: Map<Node, MutableOutcome>;
  readonly releases: Map<Node, UnitRelease>;
}

/** Follows each acquisition of one unit. */
function analyseUnit(context: AnalysisContext, calls: AcquisitionCalls, unit: UnitNode): UnitOutcomes {
  const result: UnitOutcomes = { outcomes: new Map(), releases: new Map() };
  const always = needsFacts(context, unit);
  let facts: Run | undefined;
  for (const { instruction, call } of acquiringInstructions(context, calls, unit)) {
    const target = callbackTarget(context.model, call);
    if (target !== undefined && target.kind !== 'function') {
      outcomeOf(result.outcomes, call.node).settlements.push(target);
      continue;
    }
    let before: readonly Disjunct[] = [START];
    if (always || isInsideHandler(call.node, unit)) {
      facts ??= factsBefore(context, unit, START, 0, calls);
      before = facts.arrivalsAt(instruction.id).map((arrival) => arrival.state);
    }
    const root = target?.node ?? unit;
    const starts: Start[] = [];
    for (const state of before) {
      if (target === undefined) starts.push(...startsAfter(context, calls, instruction, call, state, 0));
      else if (call.kind === 'direct') starts.push({ at: context.model.graphOf(root).entry, state: callbackEntry(context, call, target.node, state).entry });
    }
    const found: UnitOutcomes = { outcomes: new Map(), releases: new Map() };
    if (call.kind === 'direct') outcomeOf(found.outcomes, call.node);
    followStarts(context, root, starts, found, target !== undefined);
    if (hasComplaint(found)) {
      // Whether control comes to the acquisition at all is asked only where it matters.
      facts ??= factsBefore(context, unit, START, 0, calls);
      if (facts.arrivalsAt(instruction.id).length === 0) continue;
    }
    mergeOutcomes(result.outcomes, found.outcomes);
    for (const [node, release] of found.releases) addRelease(result.releases, node, release);
  }
  return result;
}

function hasComplaint({ outcomes }: UnitOutcomes): boolean {
  for (const { owed, misuses } of outcomes.values()) if (owed.length > 0 || misuses.length > 0) return true;
  return false;
}

interface MutableOutcome {
  readonly node: Node;
  site: Site | undefined;
  readonly owed: OwedExit[];
  readonly misuses: Misuse[];
  readonly settlements: Settlement[];
  released: boolean;
  readonly insideOf: SiteOutcome['insideOf'];
}

function outcomeOf(outcomes: Map<Node, MutableOutcome>, node: Node): MutableOutcome {
  let outcome = outcomes.get(node);
  if (outcome === undefined) {
    outcome = { node, site: undefined, owed: [], misuses: [], settlements: [], released: false, insideOf };
    outcomes.set(node, outcome);
  }
  return outcome;
}

/** Follows one acquisition of a root unit to its exits. A callback of the driver gives nothing to anybody by returning it. */
function followStarts(context: AnalysisContext, unit: UnitNode, starts: readonly Start[], result: UnitOutcomes, isCallback = false): void {
  if (starts.length === 0) return;
  const { outcomes, releases } = result;
  const run = new Run(context, unit, 0).explore(starts);
  for (const [node, release] of run.releases) addRelease(releases, node, { ...release, acquisitions: new Set([starts[0]!.state.site!.node]) });
  const note = (site: Site): MutableOutcome => {
    const outcome = outcomeOf(outcomes, site.node);
    outcome.site = site;
    return outcome;
  };
  for (const start of starts) if (start.state.state === 'held' && start.state.site) note(start.state.site);
  const loops = sharedLoops(run.settled);
  for (const exit of ['normal', 'throw', 'stop'] as const) {
    // The process ends when the top level of a module throws, or a callback of the driver does; what an async one throws goes nowhere.
    if (exit === 'throw' && (unit.type === 'Program' || (isCallback && 'async' in unit && !unit.async))) continue;
    for (const arrival of run.arrivalsAt(run.graph.exits[exit])) {
      const { state } = arrival;
      if (state.state === 'idle' || state.site === undefined) continue;
      const outcome = note(state.site);
      if (state.state !== 'held' || !outlivesCaller(context, unit, exit) || (isCallback && !outlivesPromise(context, unit, state))) continue;
      // A function that is called where it stands leaves it in a variable around it: the unit around goes on with it.
      if (run.hasOuterAlias(state)) outcome.settlements.push({ kind: 'transferred', to: 'stored in an outer variable' });
      else if ((exit === 'normal' && !isCallback && isHandedOver(context, unit, state)) || isPromised(state)) outcome.settlements.push({ kind: 'transferred', to: 'returned' });
      else if (!passesLoop(arrival, run.graph, loops)) outcome.owed.push({ exit, arrival, graph: run.graph, releases: new Set(run.releases.keys()) });
    }
  }
  for (const site of run.releasedSites) note(site).released = true;
  for (const { state, settlement } of run.settled) if (state.site) note(state.site).settlements.push(settlement);
  for (const misuse of run.misuses) if (misuse.state.site) note(misuse.state.site).misuses.push(misuse);
}

/** Whether control can come to `unit`: a function that is called where it stands, or given to a call, runs only if the unit around it gets there. */
function isEverCalled(context: AnalysisContext, unit: UnitNode, found: ReadonlyMap<UnitNode, UnitOutcomes>): boolean {
  if (unit.type === 'Program' || unit.type === 'ClassBody' || (unit.parent.type !== 'CallExpression' && unit.parent.type !== 'NewExpression')) return true;
  const call = unit.parent;
  const caller = context.model.file.unitOf(call);
  context.useReleases(releasesWithin(context, caller, found));
  const facts = factsBefore(context, caller, START, 0);
  context.useReleases(new Map());
  const instruction = facts.graph.instructions.find((one) => one.op === 'call' && one.node === call);
  return instruction !== undefined && facts.arrivalsAt(instruction.id).length > 0 && isEverCalled(context, caller, found);
}

/** Whether a promise was resolved with the resource: whoever has that can reach it. */
function isPromised(state: Disjunct): boolean {
  return state.aliases.some((alias) => isPromiseRoot(alias.root));
}

/** Whether the caller (or, for a module, everybody) can still reach the resource at a normal exit. */
function isHandedOver(context: AnalysisContext, unit: UnitNode, state: Disjunct): boolean {
  const { places } = context.model;
  if (factOf(state.facts, places.stoppedKey(unit).id) === TRUE) return false;
  const result = places.result(unit);
  return state.aliases.some((alias) => {
    if (alias.root === result) return true;
    const variable = alias.root as { scope?: { type?: string } };
    return unit.type === 'Program' && variable.scope !== undefined && /^(?:module|global)$/.test(variable.scope.type ?? '');
  });
}

