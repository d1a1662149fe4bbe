/** How long a text that was looked at is believed. */
import { expect, it } from 'vitest';
import { LintRun } from '../../src/project/lint-run.ts';

it('a text is looked at once while a linter goes through files, and anew when one is linted again or some seconds have gone by', () => {
  let time = 0;
  const run = new LintRun(() => time);
  const first = run.textsFor('a.ts');
  expect(run.textsFor('b.ts')).toBe(first);
  const second = run.textsFor('a.ts');
  expect(second).not.toBe(first);
  expect(run.textsFor('b.ts')).toBe(second);
  time += 5000;
  expect(run.textsFor('c.ts')).not.toBe(second);
});
