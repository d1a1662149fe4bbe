/** Changing a disjunct: forgetting a place, and putting a value there. */
import type { Graph, Instruction, InstructionId } from '../cfg/graph.ts';
import type { Disjunct } from '../domain/disjunct.ts';
import { filterFacts, withFact, type Facts } from '../domain/facts.ts';
import { isAtOrBelow, isExpressionRoot, type Alias, type Held, type SpecialRoot } from '../domain/place.ts';
import { ALL, FALSE, maskOfLiteral, TRUE, type ValueMask } from '../domain/value-mask.ts';
import type { Node } from '../syntax/estree.ts';
import { unwrapExpression } from '../syntax/unwrap-expression.ts';
import type { PlaceRef, ProgramModel } from './program-model.ts';
import { copyPromiseFacts } from './promise-facts.ts';
import { NEVER, type TestIndex } from './test-index.ts';

/** Sorts by id and drops doubles: the canonical form of an alias set. */
export function aliasSet(aliases: readonly Alias[]): readonly Alias[] {
  if (aliases.length < 2) return aliases;
  if (aliases.length === 2) {
    const [first, second] = aliases as readonly [Alias, Alias];
    if (first.id < second.id) return aliases;
    return first === second ? [first] : [second, first];
  }
  const sorted = [...aliases].sort((left, right) => left.id - right.id);
  return sorted.filter((alias, index) => alias !== sorted[index - 1]);
}

/** `disjunct` with nothing known of `place` and what lies below it. */
export function forgetPlace(model: ProgramModel, disjunct: Disjunct, place: PlaceRef): Disjunct {
  const kept = disjunct.aliases.some((alias) => alias.root === place.root && isAtOrBelow(alias.path, place.path))
    ? disjunct.aliases.filter((alias) => alias.root !== place.root || !isAtOrBelow(alias.path, place.path))
    : disjunct.aliases;
  const facts = disjunct.facts.length === 0 || !model.places.hasKeys(place.root) ? disjunct.facts : filterFacts(disjunct.facts, (id) => {
    const key = model.places.key(id);
    if (!key.roots.includes(place.root)) return true;
    // A condition reads its roots whole; a fact about a place is void when the place or what it lies below changes.
    return key.text === '' && place.path !== '' && !isAtOrBelow(key.path, place.path);
  });
  return kept === disjunct.aliases && facts === disjunct.facts ? disjunct : { ...disjunct, aliases: kept, facts };
}

/** What is put into a place. */
export interface Bound {
  readonly held: readonly Held[];
  readonly mask: ValueMask;
  /** The expression the value comes from, when it is one: a literal settles comparisons with literals. */
  readonly source: Node | undefined;
}

/** `disjunct` after `place` received a value: aliases move, and facts that a later test reads are noted. */
export function bindPlace(model: ProgramModel, tests: TestIndex, disjunct: Disjunct, place: PlaceRef, bound: Bound): Disjunct {
  const clean = forgetPlace(model, disjunct, place);
  let { facts } = clean;
  // What an expression is worth is asked for by the statement around it.
  const noted = isExpressionRoot(place.root) || 'unit' in place.root || (tests.isTestedAt(place) && tests.isStablePlace(place));
  if (bound.mask !== ALL && noted) facts = withFact(facts, model.places.placeKey(place.root, place.path).id, bound.mask);
  if (bound.source !== undefined) {
    facts = noteLiteral(tests, facts, place, bound.source);
    if (noted) facts = copyPromiseFacts(model, disjunct.facts, model.placeOf(bound.source), place, facts);
  }
  if (bound.held.length === 0) return facts === clean.facts ? clean : { ...clean, facts };
  const moved = bound.held.map((held) => model.places.alias(place.root, place.path + held.path, held.role, held.closure));
  return { ...clean, facts, aliases: aliasSet([...clean.aliases, ...moved]) };
}

function noteLiteral(tests: TestIndex, facts: Facts, place: PlaceRef, source: Node): Facts {
  const comparisons = tests.conditions.literalTestsOf(place);
  if (comparisons.length === 0) return facts;
  const literal = unwrapExpression(source);
  if (literal.type !== 'Literal') return facts;
  let result = facts;
  for (const test of comparisons) result = withFact(result, test.key.id, test.literal === literal.value ? TRUE : FALSE);
  return result;
}

/** At the start of the statement of `first`: values of expressions are gone, and facts that nothing reads from here on are dropped. */
export function startStatement(model: ProgramModel, tests: TestIndex, disjunct: Disjunct, first: Instruction, graph: Graph): Disjunct {
  const position = first.node.range[0];
  let { aliases } = disjunct;
  // A loop begins with what it goes over.
  const list = first.op === 'iterate' && first.node.type === 'ForOfStatement' ? model.placeOf(first.node.right).root : undefined;
  const isGone = (alias: Alias): boolean => isExpressionRoot(alias.root) && alias.root !== list;
  if (aliases.some(isGone)) aliases = aliases.filter((alias) => !isGone(alias));
  // That a loop has taken no turn yet is asked where it steps.
  const element = first.op === 'iterate' ? model.places.placeKey(first.node, '').id : -1;
  const facts = disjunct.facts.length === 0 ? disjunct.facts : filterFacts(disjunct.facts, (id) => {
    if (id === element) return true;
    const last = tests.lastTestOf(id);
    if (last > position) return !model.places.key(id).isPassing;
    if (last !== NEVER) return false;
    const key = model.places.key(id);
    return !key.isPassing && !isLeftRegion(key.roots[0]!, first.id, graph);
  });
  return aliases === disjunct.aliases && facts === disjunct.facts ? disjunct : { ...disjunct, aliases, facts };
}

/** Whether the root stands for a `finally` region of the graph whose block `id` is not in: how it was entered is not asked any more. */
function isLeftRegion({ region, unit }: Partial<SpecialRoot>, id: InstructionId, graph: Graph): boolean {
  if (region === undefined || unit !== graph.unit) return false;
  // That a generator was stopped is kept under a region that is no block: it holds to the end of the unit.
  const span = graph.regions[region];
  return span !== undefined && (id < span.first || id > span.last);
}

/** The classes of a literal expression, for defaults and `case`s. */
export function maskOfLiteralNode(node: Node): ValueMask {
  const inner = unwrapExpression(node);
  return inner.type === 'Literal' && !('regex' in inner) ? maskOfLiteral(inner.value) : ALL;
}
