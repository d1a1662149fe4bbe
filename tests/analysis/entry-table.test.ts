import { expect, it } from 'vitest';
import { EntryTable } from '../../src/analysis/entry-table.ts';
import { disjunctKey, START, type Disjunct } from '../../src/domain/disjunct.ts';
import { NO_FACTS, withFact } from '../../src/domain/facts.ts';
import { FALSE, TRUE } from '../../src/domain/value-mask.ts';
import type { FunctionNode } from '../../src/syntax/estree.ts';

const callee = { type: 'FunctionDeclaration' } as FunctionNode;
const BITS = 7;

/** An entry that knows which of seven flags are set. */
function entryOf(flags: number): Disjunct {
  let facts = NO_FACTS;
  for (let bit = 0; bit < BITS; bit++) facts = withFact(facts, bit, (flags & (1 << bit)) === 0 ? FALSE : TRUE);
  return { ...START, facts };
}

it('keeps 32 entries apart that differ in facts, and explores what comes then as their join', () => {
  const table = new EntryTable<Disjunct>((entry) => disjunctKey(entry, -1));
  const explored: Disjunct[] = [];
  const ask = (flags: number): Disjunct => table.valueFor(callee, entryOf(flags), (entry) => {
    explored.push(entry);
    return entry;
  });
  for (let flags = 0; flags < 32; flags++) expect(ask(flags)).toEqual(entryOf(flags));
  for (let flags = 32; flags < 1 << BITS; flags++) expect(ask(flags).exact).toBe(false);
  // The join grows with the bits that it has not seen, and then it is above all that comes.
  expect(explored.length).toBeLessThanOrEqual(32 + 2);
  expect(ask(5)).toEqual(entryOf(5));
});

it('keeps functions apart', () => {
  const table = new EntryTable<string>((entry) => disjunctKey(entry, -1));
  expect(table.valueFor(callee, START, () => 'one')).toBe('one');
  expect(table.valueFor({ ...callee }, START, () => 'other')).toBe('other');
  expect(table.valueFor(callee, START, () => 'never asked')).toBe('one');
});
