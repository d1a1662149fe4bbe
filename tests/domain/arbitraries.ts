/** Random values of the domain: few keys, few places, so that what is random meets. */
import fc from 'fast-check';
import type { Disjunct } from '../../src/domain/disjunct.ts';
import { joinSets, type DisjunctSet } from '../../src/domain/disjunct-set.ts';
import { NO_FACTS, withFact, type Facts } from '../../src/domain/facts.ts';
import type { ObligationState, Site } from '../../src/domain/obligation.ts';
import { PlaceTable } from '../../src/domain/place.ts';
import { ALL, type ValueMask } from '../../src/domain/value-mask.ts';

const places = new PlaceTable();
const root = { name: 'x' };
const ALIASES = [places.alias(root, '', 'handle'), places.alias(root, '.a', 'promise'), places.alias({ name: 'y' }, '', 'releaser')];
const SITES = [{ node: { type: 'CallExpression' } }, { node: { type: 'CallExpression' } }] as unknown as Site[];
const STATES: readonly ObligationState[] = ['none', 'idle', 'held', 'released', 'destroyed'];
export const KEYS = [0, 1, 2, 3] as const;

/** Any set of classes but the empty one: a value has some class. */
export const mask: fc.Arbitrary<ValueMask> = fc.integer({ min: 1, max: ALL });

export const facts: fc.Arbitrary<Facts> = fc
  .array(fc.tuple(fc.constantFrom(...KEYS), mask), { maxLength: 4 })
  .map((entries) => entries.reduce<Facts>((known, [key, value]) => withFact(known, key, value), NO_FACTS));

export const disjunct: fc.Arbitrary<Disjunct> = fc.record({
  state: fc.constantFrom(...STATES),
  site: fc.constantFrom(undefined, ...SITES),
  aliases: fc.subarray(ALIASES),
  facts,
  exact: fc.boolean(),
});

/** Disjuncts of one obligation: only facts tell them apart. */
export const alike: fc.Arbitrary<Disjunct[]> = fc
  .tuple(disjunct, fc.array(fc.tuple(facts, fc.boolean()), { minLength: 1, maxLength: 30 }))
  .map(([base, variants]) => variants.map(([own, exact]) => ({ ...base, facts: own, exact })));

/** Antichains, with several disjuncts per obligation. */
export const disjunctSet: fc.Arbitrary<DisjunctSet> = fc
  .array(fc.oneof(disjunct, disjunct.map((one) => ({ ...one, state: 'held' as const, site: SITES[0], aliases: [] }))), { maxLength: 8 })
  .map((all) => joinSets([], all));
