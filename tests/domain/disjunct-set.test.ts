import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leqDisjunct, sameObligation, type Disjunct } from '../../src/domain/disjunct.ts';
import { addDisjunct, admitDisjunct, joinSets, leqSet, widenSet, type DisjunctSet } from '../../src/domain/disjunct-set.ts';
import { alike, disjunct, disjunctSet } from './arbitraries.ts';

const BOUND = 3;

/** The same disjuncts in any order. */
function equalSets(left: DisjunctSet, right: DisjunctSet): boolean {
  return left.length === right.length && leqSet(left, right) && leqSet(right, left);
}

function isAntichain(set: DisjunctSet): boolean {
  return set.every((one, index) => set.every((other, place) => index === place || !leqDisjunct(one, other)));
}

describe('sets of disjuncts', () => {
  it('stay antichains', () => {
    fc.assert(
      fc.property(disjunctSet, disjunctSet, disjunct, (a, b, one) => {
        expect(isAntichain(addDisjunct(a, one))).toBe(true);
        expect(isAntichain(joinSets(a, b))).toBe(true);
      }),
    );
  });

  it('leq is a partial order that agrees with join', () => {
    fc.assert(
      fc.property(disjunctSet, disjunctSet, disjunctSet, (a, b, c) => {
        expect(leqSet(a, a)).toBe(true);
        if (leqSet(a, b) && leqSet(b, c)) expect(leqSet(a, c)).toBe(true);
        expect(leqSet(a, b) && leqSet(b, a)).toBe(equalSets(a, b));
        expect(leqSet(a, b)).toBe(equalSets(joinSets(a, b), b));
      }),
    );
  });

  it('join is the least upper bound: commutative, associative, idempotent', () => {
    fc.assert(
      fc.property(disjunctSet, disjunctSet, disjunctSet, (a, b, c) => {
        const joined = joinSets(a, b);
        expect(leqSet(a, joined) && leqSet(b, joined)).toBe(true);
        if (leqSet(a, c) && leqSet(b, c)) expect(leqSet(joined, c)).toBe(true);
        expect(equalSets(joined, joinSets(b, a))).toBe(true);
        expect(equalSets(joinSets(joined, c), joinSets(a, joinSets(b, c)))).toBe(true);
        expect(equalSets(joinSets(a, a), a)).toBe(true);
      }),
    );
  });

  it('adding something known gives the same set', () => {
    fc.assert(fc.property(disjunctSet, (set) => set.every((one) => addDisjunct(set, one) === set)));
  });
});

describe('widening', () => {
  const many = fc.oneof(alike, fc.array(disjunct, { maxLength: 12 }));

  it('is an upper bound with a bounded number of exact disjuncts per obligation', () => {
    fc.assert(
      fc.property(many, (all) => {
        const widened = widenSet(all, BOUND);
        expect(leqSet(all, widened)).toBe(true);
        for (const one of widened) {
          const same = widened.filter((other) => sameObligation(one, other));
          expect(same.filter((other) => other.exact).length).toBeLessThanOrEqual(BOUND);
        }
      }),
    );
  });

  it('changes nothing within the bound', () => {
    fc.assert(
      fc.property(disjunctSet, (set) => {
        const exact = set.filter((one) => one.exact);
        expect(equalSets(widenSet(exact, exact.length), exact)).toBe(true);
      }),
    );
  });

  it('comes to rest: a point admits finitely many disjuncts, however often they come', () => {
    fc.assert(
      fc.property(many, (all) => {
        const known: Disjunct[] = [];
        let admitted = 0;
        for (let round = 0; round < all.length + 2; round++) {
          admitted = 0;
          for (const one of all) {
            const added = admitDisjunct(known, one, BOUND);
            if (added === undefined) continue;
            known.push(added);
            admitted++;
          }
        }
        expect(admitted).toBe(0);
        expect(leqSet(all, known)).toBe(true);
      }),
    );
  });

  it('a chain of joined disjuncts only rises', () => {
    fc.assert(
      fc.property(alike, (all) => {
        const known: Disjunct[] = [];
        for (const one of all) {
          const added = admitDisjunct(known, one, 1);
          if (added !== undefined) known.push(added);
        }
        const joined = known.filter((one) => !one.exact);
        joined.forEach((one, index) => {
          if (index > 0) expect(leqDisjunct(joined[index - 1]!, one) && !leqDisjunct(one, joined[index - 1]!)).toBe(true);
        });
      }),
    );
  });
});
