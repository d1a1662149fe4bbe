import { expect, it } from 'vitest';
import { interleave, median, type Step } from './interleave.ts';

it('takes the middle of the values, however they are ordered', () => {
  expect(median([9, 1, 5])).toBe(5);
  expect(median([4, 100, 1, 2])).toBe(3);
});

it('runs each step of every alternative before the next step, and begins with another alternative each time', () => {
  let order = '';
  const note = (name: string): Step => () => (order += name).length * 0;
  interleave({ a: [note('a'), note('A')], b: [note('b'), note('B')] }, { rounds: 10, warmUp: 0 });
  expect(order.slice(0, 8)).toBe('abBAbaAB');
  expect(order).toHaveLength(40);
});

it('gives times as multiples of the first one', () => {
  const spin = (turns: number): Step => () => {
    let sum = 0;
    for (let i = 0; i < turns; i++) sum = (sum + i * i) % 1000;
    return sum;
  };
  const ratios = interleave({ once: [spin(500_000)], thrice: [spin(500_000), spin(500_000), spin(500_000)] }, { rounds: 20, warmUp: 5 });
  expect(ratios.once).toBe(1);
  expect(ratios.thrice).toBeGreaterThan(2);
  expect(ratios.thrice).toBeLessThan(4.5);
});

it('rejects a median of too few rounds, and an alternative that does less in a later round', () => {
  expect(() => interleave({ a: [() => 1] }, { rounds: 9, warmUp: 0 })).toThrow('9 rounds');
  let work = 3;
  expect(() => interleave({ a: [() => work--] }, { rounds: 10, warmUp: 1 })).toThrow('same work');
});
