import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ALL, BOOLEAN, FALSY, maskOfLiteral, negateMask, printMask, PROMISE, TRUTHY } from '../../src/domain/value-mask.ts';
import { mask } from './arbitraries.ts';

describe('value masks', () => {
  it('truthy and falsy are all there is, and apart', () => {
    expect(TRUTHY | FALSY).toBe(ALL);
    expect(TRUTHY & FALSY).toBe(0);
    expect(PROMISE & ~TRUTHY).toBe(0);
  });

  it.each([undefined, null, true, false, 0, 1, '', 'a', NaN])('the negation of %s is what JavaScript says', (value) => {
    expect(negateMask(maskOfLiteral(value))).toBe(maskOfLiteral(!value));
  });

  it('negation is a boolean, never empty, and distributes over join', () => {
    fc.assert(
      fc.property(mask, mask, (left, right) => {
        expect(negateMask(left) & ~BOOLEAN).toBe(0);
        expect(negateMask(left)).not.toBe(0);
        expect(negateMask(left | right)).toBe(negateMask(left) | negateMask(right));
      }),
    );
  });

  it('negating three times is negating once', () => {
    fc.assert(fc.property(mask, (value) => {
      expect(negateMask(negateMask(negateMask(value)))).toBe(negateMask(value));
    }));
  });

  it('different masks have different texts', () => {
    const texts = new Set(Array.from({ length: ALL }, (_, index) => printMask(index + 1)));
    expect(texts.size).toBe(ALL);
  });
});
