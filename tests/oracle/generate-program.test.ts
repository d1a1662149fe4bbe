/**
 * The generator: the same text for the same seed, programs that parse and run, and nothing unreachable.
 */
import { describe, expect, it } from 'vitest';
import { findGroundTruth } from './executor/ground-truth.ts';
import { parseProgram } from './executor/parse-source.ts';
import { FAMILIES, generateProgram, knownConstructs } from './generator/generate-program.ts';

const COUNT = 300;

describe.each(Object.keys(FAMILIES))('generateProgram, family %s', (family) => {
  it('gives the same program for the same seed and number, whatever came before', () => {
    const later = Array.from({ length: 20 }, (_, index) => generateProgram(7, index, family).source);
    const again = Array.from({ length: 20 }, (_, index) => generateProgram(7, 19 - index, family).source).reverse();
    expect(again).toEqual(later);
    expect(generateProgram(8, 0, family).source).not.toBe(later[0]);
  });

  it('writes programs that parse, run, terminate and mostly can be explored to the end, many leaking and many safe', async () => {
    let exhaustive = 0;
    let sites = 0;
    let leaks = 0;
    for (let index = 0; index < COUNT; index++) {
      const { source } = generateProgram(11, index, family);
      expect(() => parseProgram(source), source).not.toThrow();
      const truth = await findGroundTruth(source);
      expect(truth.executions, source).toBeGreaterThan(0);
      if (truth.isExhaustive) exhaustive++;
      sites += truth.acquisitions.size;
      leaks += new Set(truth.evidence.filter(({ kind, isProven }) => kind === 'leak' && isProven).map(({ start }) => start)).size;
    }
    expect(exhaustive).toBeGreaterThan(0.9 * COUNT);
    expect(sites).toBeGreaterThan(COUNT);
    expect(leaks).toBeGreaterThan(0.2 * sites);
    expect(leaks).toBeLessThan(0.6 * sites);
  }, 60_000);

  it('is judged the same twice', async () => {
    for (let index = 0; index < 30; index++) {
      const { source } = generateProgram(13, index, family);
      expect(await findGroundTruth(source)).toEqual(await findGroundTruth(source));
    }
  }, 60_000);

  it('reaches every construct, entry shape and driver', () => {
    const missing = new Set(knownConstructs(family));
    for (let index = 0; missing.size > 0 && index < 6000; index++) {
      for (const name of generateProgram(17, index, family).constructs) missing.delete(name);
    }
    expect([...missing]).toEqual([]);
  }, 60_000);
});

describe('families', () => {
  it('rejects an unknown family by name', () => {
    expect(() => generateProgram(1, 1, 'nonsense')).toThrow('unknown family nonsense; known: core, transactions, continuations, modules');
  });
});
