import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalFacts, factOf, filterFacts, joinFacts, leqFacts, NO_FACTS, withFact, type Facts } from '../../src/domain/facts.ts';
import { ALL } from '../../src/domain/value-mask.ts';
import { facts, KEYS, mask } from './arbitraries.ts';

const key = fc.constantFrom(...KEYS);

/** Sorted by key, each key once, nothing that says nothing. */
function isCanonical(some: Facts): boolean {
  const keys = some.filter((_, index) => index % 2 === 0);
  return keys.every((one, index) => index === 0 || keys[index - 1]! < one) && keys.every((one) => factOf(some, one) !== ALL);
}

describe('facts', () => {
  it('withFact replaces one fact and leaves the others', () => {
    fc.assert(
      fc.property(facts, key, mask, (some, changed, value) => {
        const result = withFact(some, changed, value);
        expect(isCanonical(result)).toBe(true);
        for (const one of KEYS) expect(factOf(result, one)).toBe(one === changed ? value : factOf(some, one));
      }),
    );
  });

  it('withFact gives the same array when nothing changes, and ALL takes a fact out', () => {
    fc.assert(
      fc.property(facts, key, (some, one) => {
        expect(withFact(some, one, factOf(some, one))).toBe(some);
        expect(withFact(some, one, ALL)).toEqual(filterFacts(some, (other) => other !== one));
      }),
    );
  });

  it('filterFacts only forgets, twice as much as once, and keeps the array when it forgets nothing', () => {
    fc.assert(
      fc.property(facts, fc.subarray([...KEYS]), (some, kept) => {
        const keep = (one: number): boolean => kept.includes(one as (typeof KEYS)[number]);
        const result = filterFacts(some, keep);
        expect(isCanonical(result)).toBe(true);
        expect(leqFacts(some, result)).toBe(true);
        expect(filterFacts(result, keep)).toBe(result);
        expect(filterFacts(some, () => true)).toBe(some);
      }),
    );
  });

  it('leq is a partial order with NO_FACTS on top', () => {
    fc.assert(
      fc.property(facts, facts, facts, (a, b, c) => {
        expect(leqFacts(a, a)).toBe(true);
        expect(leqFacts(a, NO_FACTS)).toBe(true);
        if (leqFacts(a, b) && leqFacts(b, c)) expect(leqFacts(a, c)).toBe(true);
        expect(leqFacts(a, b) && leqFacts(b, a)).toBe(equalFacts(a, b));
      }),
    );
  });

  it('join is the least upper bound', () => {
    fc.assert(
      fc.property(facts, facts, facts, (a, b, c) => {
        const joined = joinFacts(a, b);
        expect(isCanonical(joined)).toBe(true);
        expect(leqFacts(a, joined) && leqFacts(b, joined)).toBe(true);
        if (leqFacts(a, c) && leqFacts(b, c)) expect(leqFacts(joined, c)).toBe(true);
        expect(leqFacts(a, b)).toBe(equalFacts(joined, b));
      }),
    );
  });

  it('join is commutative, associative and idempotent', () => {
    fc.assert(
      fc.property(facts, facts, facts, (a, b, c) => {
        expect(joinFacts(a, b)).toEqual(joinFacts(b, a));
        expect(joinFacts(joinFacts(a, b), c)).toEqual(joinFacts(a, joinFacts(b, c)));
        expect(joinFacts(a, a)).toEqual(a);
      }),
    );
  });
});
