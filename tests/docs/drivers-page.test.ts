/** docs/drivers.md says what the tables say, and the example of each table is judged as the table has it. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import { lintSource } from '../robustness/lint-source.ts';
import { takenByExample, writeDriversPage, writeExample, writeScoped } from './drivers-page.ts';

const reading = { parser: 'typescript', sourceType: 'module' } as const;
/** What is wrong; what is right may be advised to be written with a callback. */
const reportedIn = (code: string) => {
  const result = lintSource(code, reading);
  return 'reported' in result ? { reported: result.reported.filter((rule) => rule !== 'prefer-scoped-callback') } : result;
};

it('the page is what `npm run docs:drivers` writes', () => {
  expect(readFileSync(fileURLToPath(new URL('../../docs/drivers.md', import.meta.url)), 'utf8')).toBe(writeDriversPage(DRIVERS));
});

it('what can be awaited has an example', () => {
  const without = DRIVERS.filter(({ example, types }) => example === undefined
    && Object.values(types).some(({ members }) => Object.values(members).some((row) => row.effect === 'acquire' && row.style !== 'callback')));
  expect(without.map(({ library }) => library)).toEqual([]);
});

const examples = DRIVERS.flatMap((driver) => {
  const taken = takenByExample(driver);
  return taken === undefined ? [] : [{ library: driver.library, taken }];
});

describe.each(examples)('the example of $library', ({ taken }) => {
  it('gives back on every path', () => {
    expect(reportedIn(writeExample(taken))).toEqual({ reported: [] });
  });

  it('leaks without its `try`', () => {
    expect(reportedIn(writeExample(taken, true))).toEqual({ reported: ['require-release'] });
  });

  it.each(taken.type.scoped ?? [])('owes nothing in $call', (row) => {
    const scoped = writeScoped(taken, row);
    if (scoped !== undefined) expect(reportedIn(scoped)).toEqual({ reported: [] });
  });
});
