/**
 * Into a function and out of it again: what the function sees of a disjunct is given to it in its own terms, what it cannot see stays with the caller, and
 * its exits are put back into the caller's terms.
 */
import { writesOf } from '../bindings/scope-index.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { FACT_PATHS } from '../domain/fact-paths.ts';
import { factOf, filterFacts, withFact, type Facts } from '../domain/facts.ts';
import { isAtOrBelow, isSeenEverywhere, type Alias, type Root } from '../domain/place.ts';
import { ALL, FULFILS, REJECTS, UNDEFINED } from '../domain/value-mask.ts';
import type { FunctionNode } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { AnalysisContext } from './analysis-context.ts';
import { aliasSet, bindPlace } from './bind-value.ts';
import type { CallSite } from './call-site.ts';
import { heldBy } from './held.ts';
import type { PlaceRef } from './program-model.ts';
import { executorOf } from './promise-executor.ts';
import { copyPromiseFacts } from './promise-facts.ts';
import { isCalledOnThis } from './test-index.ts';
import { maskOf } from './value-of.ts';

/** What the callee cannot see stays with the caller. */
export interface CallFrame {
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
export function enterCall(
  context: AnalysisContext,
  callee: FunctionNode,
  disjunct: Disjunct,
  site: CallSite,
  captured: ReadonlySet<Root> = context.model.capturedBy(callee),
): { entry: Disjunct; frame: CallFrame } {
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
  frame: CallFrame,
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

/** Whether the alias lies at `place` or below it. */
export function isBelow(alias: Alias, place: PlaceRef | undefined): boolean {
  return place !== undefined && alias.root === place.root && isAtOrBelow(alias.path, place.path);
}
