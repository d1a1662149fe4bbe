/**
 * Following a call into a function of the project. The disjunct is cut down to what the function can see, the function is explored from there,
 * and its exits are put back into the caller's terms. Results are kept by what the function was given: this is its summary
 * (property simulation: Das, Lerner, Seigle, PLDI 2002), and a function called in the same state twice is explored once.
 */
import { START, type Disjunct } from '../domain/disjunct.ts';
import { writesOf } from '../bindings/scope-index.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { filterFacts, factOf, withFact, type Facts } from '../domain/facts.ts';
import { isAtOrBelow, isSeenEverywhere, type Alias, type Root } from '../domain/place.ts';
import { ALL, FULFILS, PROMISE, REJECTS, TRUE, UNDEFINED, type ValueMask } from '../domain/value-mask.ts';
import type { FunctionNode, Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import { type AnalysisContext, type Completes, type Summary } from './analysis-context.ts';
import { aliasSet, bindPlace, type Bound } from './bind-value.ts';
import type { CallShape } from './call-shape.ts';
import { heldBy } from './held.ts';
import { insideOf, noteInside } from './inside.ts';
import { orderRelease } from './later.ts';
import type { PlaceRef } from './program-model.ts';
import { executorOf } from './promise-executor.ts';
import { copyPromiseFacts } from './promise-facts.ts';
import { disjunctKey, Run } from './run.ts';
import type { Arrival } from './solver.ts';
import { storedBy } from './stored-by.ts';
import { isCalledOnThis } from './test-index.ts';
import { maskOf } from './value-of.ts';

/** How deep calls are followed. */
const DEPTH_BOUND = 6;

/** Goes on with a disjunct, along one edge. */
export type Continue = (state: Disjunct) => void;

/** Where a function is called: on what, with what, and the expression whose value the result is. */
export interface CallSite {
  readonly receiver: PlaceRef | undefined;
  readonly arguments: readonly Node[];
  readonly call: Node;
  /** Whether the function came as a value that captures the resource; else it is known by its name, and sees what lies around it in the source. */
  readonly isClosure: boolean;
  /** What the function is given where somebody else calls it later (`continuation.ts`): then no expression stands for its parameters. */
  readonly given?: readonly Bound[];
}

/** Disjuncts after the call, in the caller's terms. */
export interface Outcomes {
  readonly normal: readonly Disjunct[];
  readonly thrown: readonly Disjunct[];
}

/** The call as a call site: on what, with what. */
export function callSite(run: Run, shape: CallShape): CallSite {
  const { model } = run;
  const receiver = shape.isMethod && shape.receiver !== undefined ? model.placeOf(shape.receiver) : undefined;
  if (shape.callee.type === 'Super') return { receiver: { root: model.selfOf(run.unit), path: '' }, arguments: shape.arguments, call: shape.node, isClosure: false };
  return { receiver: shape.isNew ? { root: shape.node, path: '' } : receiver, arguments: shape.arguments, call: shape.node, isClosure: false };
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

function isBelow(alias: Alias, place: PlaceRef | undefined): boolean {
  return place !== undefined && alias.root === place.root && isAtOrBelow(alias.path, place.path);
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
  const { entry, frame } = enter(context, callee, disjunct, site, seenBy(run, callee, site));
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
    if (release.completes) run.noteRelease(node, false);
    if (release.throws) run.noteRelease(node, true);
  }
  // To a caller that does not follow it, a function that releases is one release; it throws for that where nothing else makes it throw.
  if (summary.releases.size > 0) {
    const throws = [...summary.releases.values()].some((release) => release.throws);
    run.noteRelease(site.call, throws && disjunct.state === 'released' && summary.normal.length === 0);
  }
  const leave = (arrival: Arrival<Disjunct>, outcome: 'normal' | 'thrown'): Disjunct | undefined => {
    const left = seenFromHere(leaveCall(context, callee, arrival.state, frame, site, outcome));
    const stored = left.state === 'held' ? storedAliases(run, left, site) : [];
    if (stored.length > 0) {
      const node = site.given === undefined ? site.call : storedBy(arrival, summary.graph, stored[0]!);
      run.settle(left, { kind: 'transferred', to: 'stored' }, node, placesOf(stored));
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

/** How a promise that takes over what `callee` returned at this exit may be settled: FULFILS, REJECTS, or both. */
export function outcomeOf(context: AnalysisContext, callee: FunctionNode, exit: Disjunct): ValueMask {
  const { places } = context.model;
  const result = places.result(callee);
  const mask = places.factAt(exit.facts, result, '');
  if (mask === REJECTS || mask === FULFILS) return mask;
  return places.factAt(exit.facts, result, FACT_PATHS.rejects) === TRUE ? PROMISE : FULFILS;
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

/** Whether `callee` can return and can throw. A recursive function can do both. */
export function completesOf(context: AnalysisContext, callee: FunctionNode): Completes {
  const known = context.completions.get(callee);
  if (known !== undefined) return known;
  const anything = { returns: true, throws: true, fulfils: true, rejects: true };
  context.completions.set(callee, anything);
  if (context.model.graphOf(callee).isCut) return anything;
  const run = new Run(context, callee, 1).explore([{ at: context.model.graphOf(callee).entry, state: START }]);
  const outcomes = run.arrivalsAt(run.graph.exits.normal).map((arrival) => outcomeOf(context, callee, arrival.state));
  const throws = run.arrivalsAt(run.graph.exits.throw).length > 0;
  const rejects = outcomes.some((outcome) => (outcome & REJECTS) !== 0);
  const fulfils = outcomes.some((outcome) => (outcome & FULFILS) !== 0);
  const completes = { returns: callee.async ? fulfils : outcomes.length > 0, throws: throws || (callee.async && rejects), fulfils, rejects };
  context.completions.set(callee, completes);
  return completes;
}

/** Whether something behind the only `yield` of the generator that a loop runs over may throw. */
export function throwsBehindYield(context: AnalysisContext, loop: Node): boolean {
  const call = loop.type === 'ForOfStatement' ? unwrapExpression(loop.right) : undefined;
  const callee = call?.type === 'CallExpression' ? context.model.family.modelAt(loop).bindings.calleeOf(call) : undefined;
  const step = callee && context.model.graphOf(callee).instructions.find((instruction) => instruction.op === 'yield');
  if (callee === undefined || step === undefined) return true;
  const run = new Run(context, callee, 1).explore([{ at: step.next, state: START }]);
  return run.arrivalsAt(run.graph.exits.throw).length > 0;
}

/** What the callee cannot see stays with the caller. */
export interface Frame {
  readonly aliases: readonly Alias[];
  readonly facts: Facts;
  /** What functions that the callee is given capture: it changes when the callee calls them. */
  readonly carried: ReadonlySet<Root>;
}

const NO_ROOTS: ReadonlySet<Root> = new Set();

/**
 * The places that `callee` can reach only through functions it is given, or finds in a place it sees: what those capture. Its own variables are
 * not among them: such a function belongs to another call of it.
 */
function carriedInto(context: AnalysisContext, callee: FunctionNode, disjunct: Disjunct, site: CallSite, isSeen: (root: Root) => boolean): ReadonlySet<Root> {
  if (disjunct.aliases.length === 0) return NO_ROOTS;
  const caller = context.model.family.modelAt(site.call);
  const given = site.given?.map((one) => one.held) ?? site.arguments.map((argument) => heldBy(caller, disjunct, argument.type === 'SpreadElement' ? argument.argument : argument));
  const closures = new Set<FunctionNode>();
  const addClosure = ({ closure }: { readonly closure: FunctionNode | undefined }): void => {
    if (closure !== undefined) closures.add(closure);
  };
  given.flat().forEach(addClosure);
  for (const alias of disjunct.aliases) if (isSeen(alias.root) || isBelow(alias, site.receiver)) addClosure(alias);
  if (closures.size === 0) return NO_ROOTS;
  const { model } = context;
  const carried = new Set<Root>();
  for (const closure of closures) {
    for (const root of model.capturedBy(closure)) {
      if (isSeen(root) || carried.has(root) || model.isLocalOf(root, callee)) continue;
      carried.add(root);
      for (const alias of disjunct.aliases) if (alias.root === root) addClosure(alias);
    }
  }
  return carried;
}

/** Whether `this` is what the function is called on: of an arrow function, only in a field of a class (`close = () => this.client.release()`). */
function isMethodLike(callee: FunctionNode): boolean {
  if (callee.type !== 'ArrowFunctionExpression') return true;
  const { parent } = callee;
  return parent.type === 'PropertyDefinition' && parent.value === callee && !parent.static;
}

/** Cuts `disjunct` down to what `callee` sees: captured variables, `this`, its parameters, and what functions among these capture. */
export function enter(
  context: AnalysisContext,
  callee: FunctionNode,
  disjunct: Disjunct,
  site: CallSite,
  captured: ReadonlySet<Root> = context.model.capturedBy(callee),
): { entry: Disjunct; frame: Frame } {
  const model = context.model.modelOf(callee);
  const tests = context.testsOf(model);
  tests.register(callee);
  const caller = context.model.family.modelAt(site.call);
  const isCaptured = (root: Root): boolean => captured.has(root) || caller.isOfOtherModule(root);
  const carried = carriedInto(context, callee, disjunct, site, isCaptured);
  const isSeen = (root: Root): boolean => isCaptured(root) || carried.has(root);
  const seen: Alias[] = [];
  const frame: Alias[] = [];
  for (const alias of disjunct.aliases) (isSeen(alias.root) ? seen : frame).push(alias);
  const isMethod = isMethodLike(callee) && site.receiver !== undefined;
  const self = model.selfOf(callee);
  if (isMethod) {
    for (const alias of disjunct.aliases) {
      if (isBelow(alias, site.receiver)) seen.push(model.places.alias(self, alias.path.slice(site.receiver.path.length), alias.role, alias.closure));
    }
  }
  const isSeenFact = (id: number): boolean => {
    const key = model.places.key(id);
    return isSeenEverywhere(key) || key.roots.some(isSeen);
  };
  let entry: Disjunct = {
    ...disjunct,
    aliases: aliasSet(seen),
    facts: filterFacts(disjunct.facts, isSeenFact),
  };
  if (isMethod && isCalledOnThis(site.call)) {
    entry = { ...entry, facts: factsAbout(context, disjunct.facts, site.receiver.root, self, entry.facts) };
  }
  callee.params.forEach((parameter, index) => {
    const argument = site.arguments[index];
    if (parameter.type === 'RestElement' || argument?.type === 'SpreadElement') return;
    const place = model.placeOf(parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter);
    if (site.given !== undefined) {
      entry = bindPlace(model, tests, entry, place, site.given[index] ?? { held: [], mask: UNDEFINED, source: undefined });
      return;
    }
    const held = argument === undefined ? [] : heldBy(caller, disjunct, argument);
    const mask = argument === undefined ? UNDEFINED : maskOf(caller, disjunct, argument);
    entry = bindPlace(model, tests, entry, place, { held, mask, source: argument });
  });
  return { entry, frame: { aliases: frame, facts: filterFacts(disjunct.facts, (id) => !isSeenFact(id)), carried } };
}

/** Puts an exit of `callee` back into the caller's terms: the result becomes the value of the call, `this` the receiver. */
export function leaveCall(
  context: AnalysisContext,
  callee: FunctionNode,
  exit: Disjunct,
  frame: Frame,
  site: CallSite,
  outcome: 'normal' | 'thrown',
): Disjunct {
  const model = context.model.modelOf(callee);
  const caller = context.model.family.modelAt(site.call);
  const { places } = model;
  const captured = model.capturedBy(callee);
  const isSeen = (root: Root): boolean => captured.has(root) || frame.carried.has(root) || caller.isOfOtherModule(root);
  const result = places.result(callee);
  const self = model.selfOf(callee);
  const promised = executorOf(site.call) === callee ? places.promised(callee) : undefined;
  const kept: Alias[] = [...frame.aliases];
  const closures: FunctionNode[] = [];
  const keep = (alias: Alias): void => {
    kept.push(alias);
    if (alias.closure !== undefined) closures.push(alias.closure);
  };
  for (const alias of exit.aliases) {
    if (alias.root === result) {
      if (outcome === 'thrown') continue;
      const role = callee.async && alias.path === '' && alias.role === 'handle' ? 'promise' : alias.role;
      keep(places.alias(site.call, alias.path, role, alias.closure));
    } else if (alias.root === self && isMethodLike(callee)) {
      if (site.receiver !== undefined) keep(places.alias(site.receiver.root, site.receiver.path + alias.path, alias.role, alias.closure));
    } else if (isSeen(alias.root) || alias.root === promised) {
      keep(alias);
    }
  }
  // A closure that is handed out keeps alive what it captures, and what the closures capture that it finds there.
  const alive = new Set<Root>();
  for (const closure of closures) {
    for (const root of model.capturedBy(closure)) {
      if (alive.has(root)) continue;
      alive.add(root);
      for (const alias of exit.aliases) if (alias.root === root) keep(alias);
    }
  }
  let facts = filterFacts(exit.facts, (id) => {
    const key = places.key(id);
    return isSeenEverywhere(key) || key.roots.some((root) => isSeen(root) || alive.has(root) || root === promised);
  });
  for (let index = 0; index < frame.facts.length; index += 2) facts = withFact(facts, frame.facts[index]!, frame.facts[index + 1]!);
  if (site.receiver !== undefined && isMethodLike(callee) && isCalledOnThis(site.call)) {
    facts = factsAbout(context, exit.facts, self, site.receiver.root, facts);
  }
  facts = factsAboutArguments(context, callee, exit.facts, site, facts);
  const value = outcome === 'normal' ? places.factAt(exit.facts, result, '') : ALL;
  if (callee.async) {
    facts = withFact(facts, places.placeKey(site.call, '').id, outcome === 'normal' ? FULFILS : REJECTS);
    // A promise that is returned is taken over.
    const settled = value === FULFILS ? places.factAt(exit.facts, result, FACT_PATHS.value) : value;
    facts = withFact(facts, places.placeKey(site.call, FACT_PATHS.value).id, settled);
  } else {
    facts = withFact(facts, places.placeKey(site.call, '').id, value);
    if (outcome === 'normal') facts = copyPromiseFacts(model, exit.facts, { root: result, path: '' }, { root: site.call, path: '' }, facts);
  }
  return { ...exit, aliases: aliasSet(kept), facts };
}

/** `into`, and what `facts` says of `from`, said of `to`: two names of one object (`this` of a method and of its caller). */
function factsAbout(context: AnalysisContext, facts: Facts, from: Root, to: Root, into: Facts): Facts {
  const { places } = context.model;
  let result = into;
  for (let index = 0; index < facts.length; index += 2) {
    const key = places.key(facts[index]!);
    if (from === to || !key.roots.every((root) => root === from)) continue;
    const moved = places.rerooted(key, to);
    const mask = factOf(result, moved.id) & facts[index + 1]! & (context.model.domains.get(moved.id) ?? ALL);
    if (mask !== 0) result = withFact(result, moved.id, mask);
  }
  return result;
}

/** `into`, and what the function found out about parameters that it never changes, said of the variables it was given. */
function factsAboutArguments(context: AnalysisContext, callee: FunctionNode, facts: Facts, site: CallSite, into: Facts): Facts {
  const model = context.model.modelOf(callee);
  const caller = context.model.family.modelAt(site.call);
  const tests = context.testsOf(caller);
  const captured = model.capturedBy(callee);
  let result = into;
  callee.params.forEach((parameter, index) => {
    const argument = site.arguments[index];
    const variable = parameter.type === 'Identifier' ? model.scopes.variableOf(parameter) : undefined;
    if (variable === undefined || argument === undefined || writesOf(variable).length > 0) return;
    const expression = unwrapExpression(argument);
    if (expression.type !== 'Identifier' && expression.type !== 'MemberExpression') return;
    const place = caller.placeOf(expression);
    const key = model.places.placeKey(place.root, place.path);
    if (captured.has(place.root) || !tests.isTested(key) || !tests.isStablePlace(place)) return;
    const mask = factOf(result, key.id) & model.places.factAt(facts, variable, '') & (model.domains.get(key.id) ?? ALL);
    if (mask !== 0 && mask !== ALL) result = withFact(result, key.id, mask);
  });
  return result;
}
