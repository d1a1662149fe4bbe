/**
 * The ordered pipeline over one file:
 *
 *   1. index      one walk: units, calls, classes
 *   2. calls      which calls may acquire (bindings, tables, pairs, factories of the file)
 *   3. facts      what is known before each of them
 *   4. starts     what holds just after it succeeded
 *   5. runs       follow the obligation to the exits
 *   6. outcomes   what each site came to, and whether something keeps what it took; findings are made of them in `src/findings`
 */
import { leqDisjunct, START, type Disjunct } from '../domain/disjunct.ts';
import { factOf } from '../domain/facts.ts';
import { TRUE } from '../domain/value-mask.ts';
import type { Variable } from '../bindings/scope-index.ts';
import type { TypeRow } from '../drivers/driver.ts';
import type { Settlement, Site, Transfer } from '../domain/obligation.ts';
import { isPromiseRoot, type Alias } from '../domain/place.ts';
import type { ExitKind, Graph, Instruction } from '../cfg/graph.ts';
import type { Node, UnitNode } from '../syntax/estree.ts';
import { CONNECTIONS, findAcquisitionCalls, type AcquisitionCall, type AcquisitionCalls, type AcquisitionKind } from './acquisition-calls.ts';
import { passesLoop, sharedLoops } from './callback-order.ts';
import { AnalysisContext } from './analysis-context.ts';
import { callbackEntry, callbackTarget } from './callback-acquisition.ts';
import { acquiringInstructions, factsBefore, isFirst, isInsideHandler, needsFacts, startsAfter, takesSomething, type Start } from './hand-outs.ts';
import { findKeeping, keeperOf, type KeeperClass, type Keeping, type Store } from './find-keeping.ts';
import { placesOf } from './follow-call.ts';
import { hasEarlierCaretaker } from './may-discharge.ts';
import { insideOf, type Inside } from './inside.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';
import { outlivesCaller, outlivesPromise } from './outlives-caller.ts';
import { Run, type Misuse } from './run.ts';
import type { Arrival } from './solver.ts';
import { storedBy } from './stored-by.ts';
import { addRelease, releasesWithin, withThrowingReleases, type UnitReleases } from './throwing-releases.ts';

/** An exit at which the release is still owed. */
export interface OwedExit {
  readonly exit: ExitKind;
  readonly arrival: Arrival<Disjunct>;
  readonly graph: Graph;
  /** Where it is released or handed on, on other paths. */
  readonly discharges: ReadonlySet<Node>;
  /** Who else has it after other paths from the same acquisition. */
  readonly transfers: ReadonlySet<Transfer>;
  /** The other throws that lead where an arrival on the path is, with what it says: they explain the exit as well. */
  readonly alike: (arrival: Arrival<Disjunct>) => readonly Arrival<Disjunct>[];
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
  /** The calls that do, on some path. */
  readonly releases: ReadonlySet<Node>;
  /** Those of them that on some path are the first. */
  readonly firstReleases: ReadonlySet<Node>;
  /** Where paths left it, outside of the code that took it. */
  readonly stores: readonly Store[];
  /** The releases of the code that stored it, after it did. */
  readonly takenBack: readonly Node[];
  /** Whether it is returned itself, or by a function that releases it, and not only inside an object that was constructed with it. */
  readonly isReturnedItself: boolean;
  /** The places below constructions that it was given to. */
  readonly constructed: readonly (readonly PlaceRef[])[];
  /** Where it lay when a call of a function of the project handed it out inside an object. */
  readonly origin: readonly PlaceRef[];
  /** Where it is kept with nothing that gives it back. */
  readonly keeping: Keeping | undefined;
  /** Of what a call left in an object and nobody releases: the class of that object. */
  readonly keeper: KeeperClass | undefined;
  /** What a disjunct on the way of an arrival came through, for the history. */
  readonly insideOf: (disjunct: Disjunct) => Inside | undefined;
}

/** Analyses the file: one outcome per call that acquires, in source order. `kind` says what counts as an acquisition. */
export function analyseProgramModel(model: ProgramModel, kind: AcquisitionKind = CONNECTIONS): SiteOutcome[] {
  const calls = findAcquisitionCalls(model, kind);
  if (calls.byUnit.size === 0 && calls.opens.length === 0) return [];
  const context = new AnalysisContext(model, kind);
  context.note(calls);
  const found = new Map<UnitNode, UnitOutcomes>();
  const isTaken = [...calls.byUnit.values()].flat().some((call) => takesSomething(context, calls, call));
  const units = isTaken ? [...calls.byUnit.keys()] : [];
  // All that is asked is known before the first function is followed: what is kept of one must serve all its callers.
  for (const unit of units) context.tests.register(unit);
  for (const call of units.flatMap((unit) => calls.byUnit.get(unit)!)) {
    const target = callbackTarget(model, call);
    if (target?.kind === 'function') context.tests.register(target.node);
  }
  for (const unit of units) found.set(unit, analyseUnit(context, calls, unit));
  const outcomes = new Map<Node, MutableOutcome>();
  for (const [unit, first] of found) {
    const last = withThrowingReleases(context, unit, found, () => analyseUnit(context, calls, unit)) ?? first;
    if (!hasComplaint(last) || isEverCalled(context, unit, found)) mergeOutcomes(outcomes, last.outcomes);
  }
  for (const open of calls.opens) {
    if (!outcomes.has(open) && !context.opened.has(open)) outcomeOf(outcomes, open).settlements.push({ kind: 'unknown', why: 'not created here' });
  }
  for (const outcome of outcomes.values()) {
    outcome.keeping = findKeeping(model, outcome);
    outcome.keeper = outcome.owed.length > 0 ? keeperOf(model, outcome) : undefined;
  }
  return [...outcomes.values()].sort((left, right) => left.node.range[0] - right.node.range[0] || right.node.range[1] - left.node.range[1]);
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
    for (const release of outcome.releases) known.releases.add(release);
    for (const release of outcome.firstReleases) known.firstReleases.add(release);
    known.stores.push(...outcome.stores);
    known.takenBack.push(...outcome.takenBack);
    known.isReturnedItself ||= outcome.isReturnedItself;
    known.constructed.push(...outcome.constructed);
    if (known.origin.length === 0) known.origin = outcome.origin;
  }
}

interface UnitOutcomes {
  readonly outcomes: Map<Node, MutableOutcome>;
  readonly releases: UnitReleases;
}

/** Follows each acquisition of one unit. */
function analyseUnit(context: AnalysisContext, calls: AcquisitionCalls, unit: UnitNode): UnitOutcomes {
  const result: UnitOutcomes = { outcomes: new Map(), releases: new Map() };
  const acquiring = acquiringInstructions(context, calls, unit);
  if (acquiring.length === 0) return result;
  const always = needsFacts(context, unit);
  let known: Run | undefined;
  /** The disjuncts in which control comes to `instruction`, before anything is acquired there. */
  const arrivingAt = (instruction: Instruction): readonly Disjunct[] => {
    if (isFirst(context.model.graphOf(unit), instruction)) return [START];
    known ??= factsBefore(context, unit, START, 0, acquiring);
    return known.arrivalsAt(instruction.id).map((arrival) => arrival.state);
  };
  for (const { instruction, call } of acquiring) {
    const target = callbackTarget(context.model, call);
    if (target !== undefined && target.kind !== 'function') {
      outcomeOf(result.outcomes, call.node).settlements.push(target);
      continue;
    }
    const before = always || isInsideHandler(call.node, unit) ? arrivingAt(instruction) : [START];
    const root = target?.node ?? unit;
    const starts: Start[] = [];
    for (const state of before) {
      if (target === undefined) starts.push(...startsAfter(context, calls, instruction, call, state, 0));
      else if (call.kind === 'direct') starts.push({ at: context.model.graphOf(root).entry, state: callbackEntry(context, call, target.node, state).entry });
    }
    // A function that was made before may take care of what lies in an object: `const subscription = { close: () => slot.close() }; void slot.listen();`
    if (starts.some(({ state }) => liesWithCaretaker(context, unit, state, call))) {
      outcomeOf(result.outcomes, call.node).settlements.push({ kind: 'unknown', why: 'callback' });
      continue;
    }
    const found: UnitOutcomes = { outcomes: new Map(), releases: new Map() };
    if (call.kind === 'direct') outcomeOf(found.outcomes, call.node);
    followStarts(context, root, starts, found, target !== undefined);
    // Whether control comes to the acquisition at all is asked only where it matters.
    if (hasComplaint(found) && arrivingAt(instruction).length === 0) continue;
    mergeOutcomes(result.outcomes, found.outcomes);
    for (const [node, release] of found.releases) addRelease(result.releases, node, release);
  }
  return result;
}

/** Whether what `call` took lies in an object that a variable of `unit` holds, of which a function takes care that was made before. */
function liesWithCaretaker(context: AnalysisContext, unit: UnitNode, state: Disjunct, { kind, node }: AcquisitionCall): boolean {
  if (kind !== 'local') return false;
  return state.aliases.some(({ root, path }) => {
    const variable = root as Partial<Variable>;
    if (path === '' || !Array.isArray(variable.references) || context.model.scopes.unitOfVariable(root as Variable) !== unit) return false;
    return hasEarlierCaretaker(context.model, root as Variable, node.range[0], state.site?.acquisition.type);
  });
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
  readonly releases: Set<Node>;
  readonly firstReleases: Set<Node>;
  readonly stores: Store[];
  readonly takenBack: Node[];
  isReturnedItself: boolean;
  readonly constructed: (readonly PlaceRef[])[];
  origin: readonly PlaceRef[];
  keeping: Keeping | undefined;
  keeper: KeeperClass | undefined;
  readonly insideOf: SiteOutcome['insideOf'];
}

function outcomeOf(outcomes: Map<Node, MutableOutcome>, node: Node): MutableOutcome {
  let outcome = outcomes.get(node);
  if (outcome === undefined) {
    outcome = { node, site: undefined, owed: [], misuses: [], settlements: [], released: false, releases: new Set(), firstReleases: new Set(), stores: [], takenBack: [], isReturnedItself: false, constructed: [], origin: [], keeping: undefined, keeper: undefined, insideOf };
    outcomes.set(node, outcome);
  }
  return outcome;
}

/** Follows one acquisition of a root unit to its exits. A callback of the driver gives nothing to anybody by returning it. */
function followStarts(context: AnalysisContext, unit: UnitNode, starts: readonly Start[], result: UnitOutcomes, isCallback = false): void {
  if (starts.length === 0) return;
  const { outcomes, releases } = result;
  const run = new Run(context, unit, 0).explore(starts);
  // What a function outside releases is now this one, now that: of whose turn it is, only the call of it tells.
  const acquired = starts[0]!.state.site!.node;
  for (const [node, release] of run.releases) addRelease(releases, node, { ...release, acquisitions: new Set(context.model.isWithin(node, unit) ? [acquired] : []) });
  const note = (site: Site): MutableOutcome => {
    const outcome = outcomeOf(outcomes, site.node);
    outcome.site = site;
    for (const [release, { first }] of run.releases) {
      outcome.releases.add(release);
      if (first) outcome.firstReleases.add(release);
    }
    return outcome;
  };
  for (const { state } of starts) {
    if (state.state !== 'held' || !state.site) continue;
    const outcome = note(state.site);
    if (state.aliases.every(({ path }) => path !== '')) outcome.origin = state.aliases;
  }
  const loops = sharedLoops(run.settled);
  const discharges = new Set([...run.releases.keys(), ...run.settledAt]);
  const transfers = new Set([...run.settled].flatMap(({ settlement }) => (settlement.kind === 'transferred' ? settlement.to : [])));
  const alike = (reached: Arrival<Disjunct>): readonly Arrival<Disjunct>[] =>
    run.mergedAt(reached.at).filter(({ state }) => state.exact && leqDisjunct(state, reached.state));
  for (const exit of ['normal', 'throw', 'stop'] as const) {
    // The process ends when the top level of a module throws, or a callback of the driver does; what an async one throws goes nowhere.
    if (exit === 'throw' && (unit.type === 'Program' || (isCallback && 'async' in unit && !unit.async))) continue;
    for (const arrival of run.arrivalsAt(run.graph.exits[exit])) {
      const { state } = arrival;
      if (state.state === 'idle' || state.site === undefined) continue;
      const outcome = note(state.site);
      if (exit === 'normal' && (state.state === 'held' || state.state === 'given')) outcome.isReturnedItself ||= isReturnedItself(context, unit, state);
      if (state.state !== 'held' || !outlivesCaller(context, unit, exit) || (isCallback && !outlivesPromise(context, unit, state))) continue;
      // What an object of the caller's holds, this function need not give back, unless it does so on another path.
      if (isKeptByReceiver(run, state.site)) {
        outcome.settlements.push({ kind: 'unknown', why: 'not created here' });
        continue;
      }
      // A function that is called where it stands leaves it in a variable around it: the unit around goes on with it.
      const outer = unit.type === 'Program' && exit === 'normal' ? moduleAliases(state) : run.outerAliases(state);
      if (outer.length > 0) {
        outcome.settlements.push({ kind: 'transferred', to: 'stored in an outer variable' });
        outcome.stores.push({ node: storedBy(arrival, run.graph, outer[0]!), places: placesOf(outer) });
        transfers.add('stored in an outer variable');
      } else if ((exit === 'normal' && !isCallback && isHandedOver(context, unit, state)) || isPromised(state)) {
        outcome.settlements.push({ kind: 'transferred', to: 'returned' });
        transfers.add('returned');
        const returned = returnOf(arrival, run.graph);
        if (returned !== undefined) discharges.add(returned);
      } else if (!passesLoop(arrival, run.graph, loops)) {
        outcome.owed.push({ exit, arrival, graph: run.graph, discharges, transfers, alike });
      }
    }
  }
  for (const site of run.releasedSites) note(site).released = true;
  for (const { site, settlement, node, places } of run.settled) {
    const outcome = note(site);
    outcome.settlements.push(settlement);
    if (settlement.kind === 'transferred' && settlement.to.startsWith('stored')) outcome.stores.push({ node, places });
  }
  for (const { site, node } of run.takenBack) note(site).takenBack.push(node);
  for (const { site, places } of run.constructed) note(site).constructed.push(places);
  for (const misuse of run.misuses) if (misuse.state.site) note(misuse.state.site).misuses.push(misuse);
}

/** Whether the resource lies in the object that the acquiring method was called on (`em.begin()`), and no path of the unit releases it. */
function isKeptByReceiver(run: Run, site: Site): boolean {
  return site.acquisition.style === 'receiver' && !hasOpening(site.acquisition.type) && !run.releasedSites.has(site);
}

/** Whether objects of the type are made first and opened later: those were made in this code. */
function hasOpening(type: TypeRow): boolean {
  return Object.values(type.members).some((row) => row.effect === 'open');
}

/** The `return` statement by which an arrival at the exit came. */
function returnOf(exit: Arrival<Disjunct>, graph: Graph): Node | undefined {
  let arrival: Arrival<Disjunct> | undefined = exit;
  while (arrival !== undefined && graph.instructions[arrival.at]!.op !== 'return') arrival = arrival.from;
  return arrival && graph.instructions[arrival.at]!.node;
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

/** Whether what the unit returns is the resource, or has a function that may release it, or is an object that was made here and has it. */
function isReturnedItself(context: AnalysisContext, unit: UnitNode, state: Disjunct): boolean {
  const result = context.model.places.result(unit);
  const returned = state.aliases.filter(({ root }) => root === result);
  return isPromised(state) || returned.length > 1 || returned.some(({ path, role }) => path === '' || (role !== 'handle' && role !== 'promise'));
}

/** Whether a promise was resolved with the resource: whoever has that can reach it. */
function isPromised(state: Disjunct): boolean {
  return state.aliases.some((alias) => isPromiseRoot(alias.root));
}

/** Whether the caller can still reach the resource at a normal exit. */
function isHandedOver(context: AnalysisContext, unit: UnitNode, state: Disjunct): boolean {
  const { places } = context.model;
  if (factOf(state.facts, places.stoppedKey(unit).id) === TRUE) return false;
  const result = places.result(unit);
  return state.aliases.some((alias) => alias.root === result);
}

/** The places of a module that everybody who uses it can reach when it is loaded. */
function moduleAliases(state: Disjunct): readonly Alias[] {
  return state.aliases.filter(({ root }) => /^(?:module|global)$/.test((root as { scope?: { type?: string } }).scope?.type ?? ''));
}

