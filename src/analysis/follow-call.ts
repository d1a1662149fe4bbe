/**
 * Following a call into a function of the project. The disjunct is cut down to what the function can see, the function is explored from there,
 * and its exits are put back into the caller's terms. Results are kept by what the function was given: this is its summary
 * (property simulation: Das, Lerner, Seigle, PLDI 2002), and a function called in the same state twice is explored once.
 */
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import type { Alias, Root } from '../domain/place.ts';
import { REJECTS, TRUE } from '../domain/value-mask.ts';
import type { FunctionNode, Node } from '../syntax/estree.ts';
import type { Summary } from './analysis-context.ts';
import { isAssignedLater } from './assigned-later.ts';
import { enterCall, isBelow, leaveCall } from './call-frame.ts';
import type { CallSite } from './call-site.ts';
import { outcomeOf } from './completes-of.ts';
import { heldBy } from './held.ts';
import { insideOf, noteInside } from './inside.ts';
import { orderRelease } from './later.ts';
import type { PlaceRef } from './program-model.ts';
import { disjunctKey, Run } from './run.ts';
import type { Arrival } from './solver.ts';
import { storedBy } from './stored-by.ts';

/** How deep calls are followed. */
const DEPTH_BOUND = 6;

/** Goes on with a disjunct, along one edge. */
export type Continue = (state: Disjunct) => void;

/** Disjuncts after the call, in the caller's terms. */
export interface Outcomes {
  readonly normal: readonly Disjunct[];
  readonly thrown: readonly Disjunct[];
}

/** An async function does not throw at the call: its outcome lies in the promise. */
export function sendOutcomes(outcomes: Outcomes, callee: FunctionNode, next: Continue, thrown: Continue): void {
  for (const state of outcomes.normal) next(state);
  for (const state of outcomes.thrown) (callee.async ? next : thrown)(state);
}

/** Whether the function can see the resource or change what is known: otherwise it matters only whether it returns and throws. */
export function isRelevant(run: Run, callee: FunctionNode, disjunct: Disjunct, site: CallSite): boolean {
  const { model, tests } = run;
  if (disjunct.aliases.length === 0 && disjunct.facts.length === 0) return false;
  const captured = seenBy(run, callee, site);
  if (disjunct.aliases.some((alias) => captured.has(alias.root) || model.isOfOtherModule(alias.root) || isBelow(alias, site.receiver))) return true;
  if (site.arguments.some((argument) => heldBy(model, disjunct, argument.type === 'SpreadElement' ? argument.argument : argument).length > 0)) return true;
  if (site.given?.some((one) => one.held.length > 0) === true) return true;
  for (let index = 0; index < disjunct.facts.length; index += 2) {
    const key = model.places.key(disjunct.facts[index]!);
    if (key.roots.some((root) => captured.has(root)) && tests.isTested(key)) return true;
  }
  return false;
}

/**
 * What the function captures, of the code that is being followed. A function that is known by its name captures the variables of the units
 * around the call; those of a unit that was left (a factory's locals, kept alive by a closure) belong to another run of it.
 */
function seenBy(run: Run, callee: FunctionNode, site: CallSite): ReadonlySet<Root> {
  const { model } = run;
  const captured = model.capturedBy(callee);
  if (site.isClosure) return captured;
  const seen = new Set<Root>();
  for (const root of captured) if (model.isVisibleIn(root, run.unit)) seen.add(root);
  return seen;
}

/** Follows a call of `callee` from `disjunct`; what happens to the obligation on the way is told to `run`. */
export function followCall(run: Run, callee: FunctionNode, disjunct: Disjunct, site: CallSite): Outcomes {
  const { context } = run;
  if (callee.generator) {
    run.settle(disjunct, { kind: 'unknown', why: 'generator' }, site.call);
    return { normal: [], thrown: [] };
  }
  if (context.active.has(callee) || run.depth >= DEPTH_BOUND) {
    run.settle(disjunct, { kind: 'unknown', why: context.active.has(callee) ? 'recursion' : 'depth' }, site.call);
    const goesOn = disjunct.state === 'held' ? [] : [disjunct];
    return { normal: goesOn, thrown: goesOn };
  }
  const { entry, frame } = enterCall(context, callee, disjunct, site, seenBy(run, callee, site));
  const summary = summarise(run, callee, entry);
  // What a function of another file opened is opened by the call, for this file.
  const isForeign = run.model.modelOf(callee) !== run.model;
  const seenFromHere = (state: Disjunct): Disjunct =>
    isForeign && state.site !== undefined && state.site !== disjunct.site ? { ...state, site: context.site(site.call, state.site.acquisition, state.site.origin) } : state;
  for (const settled of summary.settled) {
    // What a continuation does stands in the source where it does it.
    const at = site.given !== undefined && settled.settlement.kind === 'transferred' ? settled.node : site.call;
    run.settle(seenFromHere(settled.state), settled.settlement, at, settled.places);
  }
  run.constructed.push(...summary.constructed);
  for (const { site: acquired } of summary.takenBack) run.takenBack.push({ site: acquired, node: site.call });
  for (const node of summary.settledAt) run.settledAt.add(node);
  // What was released inside and is released or used again there is the function's own fault; what was released before, the call's.
  // A continuation has no call in the source: there the report stands on what it does.
  for (const misuse of summary.misuses) {
    const at = site.given === undefined || isForeign ? site.call : misuse.node;
    if (disjunct.state === 'released' || disjunct.state === 'destroyed') run.misuse(misuse.kind, misuse.state, at, misuse.again, disjunct);
    else if (!isForeign) run.misuses.push(misuse);
  }
  for (const [node, release] of summary.releases) {
    for (const effect of ['completes', 'throws', 'leaves', 'first'] as const) if (release[effect]) run.noteRelease(node, effect);
  }
  // To a caller that does not follow it, a function that releases is one release; it throws for that where nothing else makes it throw.
  if (summary.releases.size > 0) {
    const throws = [...summary.releases.values()].some((release) => release.throws);
    run.noteRelease(site.call, throws && disjunct.state === 'released' && summary.normal.length === 0 ? 'throws' : 'completes');
    if (disjunct.state !== 'released') run.noteRelease(site.call, 'first');
    if (summary.normal.some(({ state }) => state.state === 'held')) run.noteRelease(site.call, 'leaves');
  }
  const leave = (arrival: Arrival<Disjunct>, outcome: 'normal' | 'thrown'): Disjunct | undefined => {
    const left = seenFromHere(leaveCall(context, callee, arrival.state, frame, site, outcome));
    const stored = left.state === 'held' ? storedAliases(run, left, site) : [];
    if (stored.length > 0) {
      const node = site.given === undefined ? site.call : storedBy(arrival, summary.graph, stored[0]!);
      run.settle(left, { kind: 'transferred', to: 'stored' }, node, placesOf(stored));
      return undefined;
    }
    if (callee.async && disjunct.state === 'held' && left.state === 'held' && isAssignedLater(site.call, disjunct)) {
      run.settle(left, { kind: 'unknown', why: 'continuation' }, site.call);
      return undefined;
    }
    noteConstructed(run, left, site);
    if (site.given === undefined) return orderCall(run, callee, disjunct, left, site.call);
    return noteInside(left, { ...insideOf(disjunct), arrival, graph: summary.graph, returnsRejection: outcome === 'thrown' && arrival.at === summary.graph.exits.normal });
  };
  const normal = summary.normal.map((arrival) => leave(arrival, 'normal')).filter((state) => state !== undefined);
  const thrown = summary.thrown.map((arrival) => leave(arrival, 'thrown')).filter((state) => state !== undefined);
  return { normal, thrown };
}

/**
 * The aliases of a resource that a call left in a place that outlives the code that is followed: an outer one, or an object that some other call gave and
 * that may well be a shared one (`Db.get().open()`).
 */
export function storedAliases(run: Run, state: Disjunct, site: CallSite): readonly Alias[] {
  const outer = run.outerAliases(state);
  if (outer.length > 0) return outer;
  const { receiver } = site;
  if (receiver === undefined || receiver.root === site.call || (receiver.root as Partial<Node>).type !== 'CallExpression') return [];
  return state.aliases.filter((alias) => alias.role === 'handle' && isBelow(alias, receiver) && alias.path !== '');
}

/** Notes that an object of the project, which was just constructed, has the resource. */
function noteConstructed(run: Run, state: Disjunct, { call }: CallSite): void {
  if (call.type !== 'NewExpression' || state.state !== 'held' || state.site === undefined) return;
  const places = placesOf(state.aliases.filter((alias) => alias.root === call && alias.path !== ''));
  if (places.length > 0) run.constructed.push({ site: state.site, places });
}

/** The places of these aliases; none, where there is a way to release the resource among them. */
export function placesOf(aliases: readonly Alias[]): readonly PlaceRef[] {
  return aliases.every(({ role }) => role === 'handle' || role === 'promise') ? aliases : [];
}

/** What an async function releases, and what lies in a promise that a function returns, is released in order only where that is waited for. */
function orderCall(run: Run, callee: FunctionNode, before: Disjunct, after: Disjunct, call: Node): Disjunct {
  if (call.type !== 'CallExpression') return after;
  const isLater = run.model.places.factAt(after.facts, call, FACT_PATHS.later) === TRUE;
  return callee.async || isLater ? orderRelease(run, call, before, after, isLater) : after;
}

/** The summary of `callee` for one entry disjunct. */
function summarise(run: Run, callee: FunctionNode, entry: Disjunct): Summary {
  const { context } = run;
  const kept = keptFor(context.summaries, callee);
  const key = disjunctKey(entry, context.siteId(entry.site));
  const known = kept.get(key);
  if (known !== undefined) return known;
  context.active.add(callee);
  // A function that is written inside the one that calls it is a part of it: callbacks are nested deeply, and end somewhere.
  const isPart = run.unit.type !== 'Program' && run.model.encloses(run.unit, callee);
  const inner = new Run(context, callee, isPart ? Math.max(run.depth, 1) : run.depth + 1);
  inner.explore([{ at: inner.graph.entry, state: entry }]);
  context.active.delete(callee);
  const returned = inner.arrivalsAt(inner.graph.exits.normal);
  const summary: Summary = {
    normal: callee.async ? returned.filter((arrival) => outcomeOf(context, callee, arrival.state) !== REJECTS) : returned,
    // A promise that is returned without being awaited may reject as well.
    thrown: [
      ...inner.arrivalsAt(inner.graph.exits.throw),
      ...(callee.async ? returned.filter((arrival) => (outcomeOf(context, callee, arrival.state) & REJECTS) !== 0) : []),
    ],
    graph: inner.graph,
    settled: inner.settled,
    settledAt: inner.settledAt,
    misuses: inner.misuses,
    releases: inner.releases,
    constructed: inner.constructed,
    takenBack: inner.takenBack,
  };
  kept.set(key, summary);
  return summary;
}

/** The results kept for `callee`, by the key of what it was given; an empty map the first time. */
export function keptFor<V>(maps: Map<FunctionNode, Map<string, V>>, callee: FunctionNode): Map<string, V> {
  let kept = maps.get(callee);
  if (kept === undefined) {
    kept = new Map();
    maps.set(callee, kept);
  }
  return kept;
}
