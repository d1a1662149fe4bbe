import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalDisjunct, leqDisjunct, printDisjunct, sameObligation, START, widenDisjunct } from '../../src/domain/disjunct.ts';
import { withFact } from '../../src/domain/facts.ts';
import { PlaceTable } from '../../src/domain/place.ts';
import { NULLISH } from '../../src/domain/value-mask.ts';
import { alike, disjunct } from './arbitraries.ts';

describe('disjuncts', () => {
  it('leq is a partial order', () => {
    fc.assert(
      fc.property(fc.oneof(alike, fc.array(disjunct, { minLength: 1 })), ([a, b = a, c = b]) => {
        expect(leqDisjunct(a!, a!)).toBe(true);
        if (leqDisjunct(a!, b!) && leqDisjunct(b!, c!)) expect(leqDisjunct(a!, c!)).toBe(true);
        expect(leqDisjunct(a!, b!) && leqDisjunct(b!, a!)).toBe(equalDisjunct(a!, b!));
      }),
    );
  });

  it('nothing that is not exact lies below something exact', () => {
    fc.assert(fc.property(disjunct, (one) => {
      expect(leqDisjunct({ ...one, exact: false }, { ...one, exact: true })).toBe(false);
    }));
  });

  it('what is widened lies above both, is not exact, and has the same obligation', () => {
    fc.assert(
      fc.property(alike, ([a, b = a]) => {
        const widened = widenDisjunct(a!, b!);
        expect(leqDisjunct(a!, widened) && leqDisjunct(b!, widened)).toBe(true);
        expect(widened.exact).toBe(false);
        expect(sameObligation(widened, a!)).toBe(true);
      }),
    );
  });

  it('prints state, places, facts and completions', () => {
    const places = new PlaceTable();
    const client = { name: 'client' };
    const unit = { type: 'Program' } as never;
    let { facts } = START;
    facts = withFact(facts, places.placeKey(client, '.a').id, NULLISH);
    facts = withFact(facts, places.conditionKey('n>3', [client]).id, NULLISH);
    facts = withFact(facts, places.regionKey(unit, 2).id, 0b101);
    const state = { ...START, state: 'held' as const, aliases: [places.alias(client, '', 'handle'), places.alias(client, '.p', 'promise')], facts, exact: false };
    expect(printDisjunct(state, places)).toBe('held {client, client.p(promise)} client.a=undefined|null n>3=undefined|null finally 2=0|2 (joined)');
  });
});
