/** The proof of the fixes by execution: what is offered for generated programs breaks none, and what would break one is caught. */
import { describe, expect, it } from 'vitest';
import type { Edit } from '../../src/fixes/edit-plan.ts';
import { compareFixes, fixesOfProgram } from './compare-fixes.ts';
import { analyseByEngine, type AnalysedFile } from './engine-judge.ts';
import { FAMILIES, generateProgram } from './generator/generate-program.ts';
import { withLender } from './with-lender.ts';
import { pgMain } from './truth-of.ts';

describe.each(Object.keys(FAMILIES))('family %s', (family) => {
  it('no fix breaks a generated program', async () => {
    let fixes = 0;
    for (let index = 0; index < 150; index++) {
      const { source } = generateProgram(11, index, family);
      const comparison = await compareFixes(source, analyseByEngine(source), 100);
      fixes += comparison.fixes.length;
      expect(comparison.broken.map(({ difference, fix }) => `${String(index)}: ${difference}\n${source}\n${fix.source}`)).toEqual([]);
    }
    expect(fixes).toBeGreaterThan(2);
  }, 120_000);
});

it('a function of another file that lends breaks no program', async () => {
  let lent = 0;
  for (let index = 0; index < 200; index++) {
    const source = withLender(generateProgram(12, index, 'core').source);
    if (source === undefined) continue;
    const comparison = await compareFixes(source, analyseByEngine(source), 100);
    lent += comparison.fixes.filter(({ plan }) => plan.title.startsWith('Use `lend(')).length;
    expect(comparison.broken.map(({ difference, fix }) => `${String(index)}: ${difference}\n${source}\n${fix.source}`)).toEqual([]);
  }
  expect(lent).toBeGreaterThan(5);
}, 120_000);

it('a declaration that releases breaks no program', async () => {
  let declared = 0;
  for (let index = 0; index < 400; index++) {
    const { source } = generateProgram(13, index, 'core');
    const comparison = await compareFixes(source, analyseByEngine(source, ['await-using']), 100);
    declared += comparison.fixes.length;
    expect(comparison.broken.map(({ difference, fix }) => `${String(index)}: ${difference}\n${source}\n${fix.source}`)).toEqual([]);
  }
  expect(declared).toBeGreaterThan(5);
}, 120_000);

/** As the engine, with other edits in its plans. */
function withEdits(source: string, change: (edits: readonly Edit[]) => readonly Edit[]): AnalysedFile[] {
  return analyseByEngine(source).map(({ file, analysis }) => ({
    file,
    analysis: { ...analysis, fixesOf: (finding) => analysis.fixesOf(finding).map((plan) => (plan.kind === 'edits' ? { ...plan, edits: change(plan.edits) } : plan)) },
  }));
}

describe('a wrong fix is caught', () => {
  const source = pgMain(`  const client = await pool.connect();
  await client.query('q1');
  await client.query('q4');
  client.release();
  await work(2);
  return value(3);`);
  const differencesOf = async (change: (edits: readonly Edit[]) => readonly Edit[]): Promise<string[]> =>
    (await compareFixes(source, withEdits(source, change))).broken.map(({ difference }) => difference);
  const replaced = (text: RegExp, by: string) => (edits: readonly Edit[]): Edit[] => edits.map((edit) => ({ ...edit, text: edit.text.replace(text, by) }));

  it('the right one is not', async () => {
    expect(fixesOfProgram(source, analyseByEngine(source)).fixes).toHaveLength(1);
    expect(await differencesOf((edits) => edits)).toEqual([]);
  });

  it.each([
    ['a release that is missing', replaced(/client\.release\(\);/, ''), /still leaks/],
    ['a second release', replaced(/client\.release\(\);/, 'client.release(); client.release();'), /double-release|does not come/],
    ['a use behind the release', replaced(/client\.release\(\);/, 'client.release(); client.on(1); await client.query(5);'), /comes to|use-after-release/],
    ['a call that is added', replaced(/try \{/, 'await work(9); try {'), /comes to/],
    ['an error that is lost', replaced(/\} finally \{/, '} catch {} finally {'), /comes to|ends|gives/],
    ['no edit at all', () => [], /still leaks/],
  ])('%s', async (_name, change, difference) => {
    const found = await differencesOf(change);
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(difference);
  });
});

describe('a wrong edit of a second release is caught', () => {
  const source = pgMain(`  const client = await pool.connect();
  try {
    await client.query('q1');
  } finally {
    client.release();
  }
  client.release();
  return value(3);`);
  const differencesOf = async (change: (edits: readonly Edit[]) => readonly Edit[]): Promise<string[]> =>
    (await compareFixes(source, withEdits(source, change))).broken.map(({ difference }) => difference);
  const first = source.indexOf('    client.release();');

  it('the right ones are not', async () => {
    expect(fixesOfProgram(source, analyseByEngine(source)).fixes.map(({ plan }) => plan.form)).toEqual(['without the second release', 'release later']);
    expect(await differencesOf((edits) => edits)).toEqual([]);
  });

  it.each([
    ['no edit at all', () => [], 'there is still a double-release of connect()'],
    ['no release is left', (edits: readonly Edit[]): Edit[] => (edits.length === 1 ? [{ range: [first, first + 21], text: '' }, ...edits] : [...edits]), 'there is still a leak of connect()'],
    ['the other release goes', (edits: readonly Edit[]): Edit[] => (edits.length === 1 ? [{ range: [first, first + 21], text: '' }] : [...edits]), 'now there is a leak of connect()'],
  ])('%s', async (_name, change, difference) => {
    expect(await differencesOf(change)).toContain(difference);
  });
});
