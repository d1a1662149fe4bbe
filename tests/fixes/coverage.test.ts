/** What the leaks in the fixtures are offered, and why not; `docs/fixes.md` shows it (else: UPDATE_FIXES=1). */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { BLOCKED_REASONS, type BlockedReason } from '../../src/fixes/blocked-reason.ts';
import type { FixAnswer } from '../../src/fixes/edit-plan.ts';
import { answersOfFixture } from '../fixture-runner/describe-fixture-path.ts';
import { findFixtures, fixturesFolder } from '../fixture-runner/find-fixtures.ts';
import { showsFixes } from '../fixture-runner/fix-fixture.ts';
import { parseFixture } from '../fixture-runner/parse-fixture.ts';

const page = fileURLToPath(new URL('../../docs/fixes.md', import.meta.url));

/** What is offered for a leak: the best of all forms. Where nothing is, the reason of the form that is tried last. */
function offerOf(answers: readonly FixAnswer[]): 'automatic' | 'suggestion' | BlockedReason {
  const plans = answers.filter((answer) => answer.kind === 'edits');
  if (plans.some(({ safety }) => safety === 'automatic')) return 'automatic';
  if (plans.length > 0) return 'suggestion';
  const last = answers.at(-1)!;
  if (last.kind !== 'blocked') throw new Error('no answer');
  return last.reason;
}

/** What is found in the fixtures, and what can be done about it; but for those of `fixes/`, which were written to show each reason. */
const answers = findFixtures().filter((path) => !showsFixes(path)).flatMap((path) => {
  const text = readFileSync(join(fixturesFolder, path), 'utf8');
  return answersOfFixture(text, parseFixture(path, text)).map(({ finding: { kind }, fixes }) => ({ kind, fixes: fixes() }));
});

it('the coverage of the fixtures is what docs/fixes.md says', () => {
  const offers = new Map<string, number>();
  for (const { kind, fixes } of answers) {
    if (kind !== 'leak') continue;
    const offer = offerOf(fixes);
    offers.set(offer, (offers.get(offer) ?? 0) + 1);
  }
  const leaks = [...offers.values()].reduce((sum, count) => sum + count, 0);
  const share = (count: number): string => `${String(count)} (${((100 * count) / leaks).toFixed(1)} %)`;
  const automatic = offers.get('automatic') ?? 0;
  const suggested = offers.get('suggestion') ?? 0;
  const reasons = [...offers].filter(([name]) => name !== 'automatic' && name !== 'suggestion').sort((left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1));
  const lines = [
    `Of ${String(leaks)} leaks in the fixtures (counted by a test), ${share(automatic + suggested)} are offered an edit, ${share(automatic)} an automatic one. The others, by reason:`,
    '', '| | reason | |', '|---|---|---|',
    ...reasons.map(([name, count]) => `| ${String(count)} | ${name} | ${BLOCKED_REASONS[name as BlockedReason]} |`),
  ];
  const block = `<!-- coverage -->\n${lines.join('\n')}\n<!-- end of coverage -->`;
  const pattern = /<!-- coverage -->[^]*<!-- end of coverage -->/;
  if (process.env.UPDATE_FIXES === '1') writeFileSync(page, readFileSync(page, 'utf8').replace(pattern, () => block));
  // Whoever adds a fixture need not count anew: the shares are what is promised.
  const shown = /\((\d+\.\d) %\) are offered an edit, \d+ \((\d+\.\d) %\) an automatic one/.exec(readFileSync(page, 'utf8'));
  expect(Math.abs(Number(shown?.[1]) - (100 * (automatic + suggested)) / leaks)).toBeLessThan(2);
  expect(Math.abs(Number(shown?.[2]) - (100 * automatic) / leaks)).toBeLessThan(2);
});

/** The other kinds of finding, by rule. */
const OTHER_RULES = {
  'double-release': 'no-double-release',
  'use-after-release': 'no-use-after-release',
  'stored': 'no-stored-connection',
  'root-per-call': 'no-pool-per-call',
  'prisma-client': 'no-multiple-prisma-clients',
} as const;

it('so are the counts of the other rules', () => {
  const counts = new Map<string, { findings: number; offered: number; automatic: number }>(Object.values(OTHER_RULES).map((rule) => [rule, { findings: 0, offered: 0, automatic: 0 }]));
  for (const { kind, fixes } of answers) {
    if (kind === 'leak' || kind === 'manual-release') continue;
    const count = counts.get(OTHER_RULES[kind])!;
    const plans = fixes.filter((answer) => answer.kind === 'edits');
    count.findings++;
    if (plans.length > 0) count.offered++;
    if (plans.some(({ safety }) => safety === 'automatic')) count.automatic++;
  }
  const rows = [...counts].map(([rule, { findings, offered, automatic }]) => `| ${rule} | ${String(findings)} | ${String(offered)} | ${String(automatic)} |`);
  const block = `<!-- other rules -->\n${['| rule | findings | with an edit | automatic |', '|---|---|---|---|', ...rows].join('\n')}\n<!-- end of other rules -->`;
  const pattern = /<!-- other rules -->[^]*<!-- end of other rules -->/;
  if (process.env.UPDATE_FIXES === '1') writeFileSync(page, readFileSync(page, 'utf8').replace(pattern, () => block));
  const shown = new Map([...readFileSync(page, 'utf8').matchAll(/^\| (no-[\w-]+) \| (\d+) \| (\d+) \|/gm)].map(([, rule, findings, offered]) => [rule, Number(offered) / Number(findings)]));
  for (const [rule, { findings, offered }] of counts) expect(Math.abs((shown.get(rule) ?? 2) - offered / findings), rule).toBeLessThan(0.1);
});

const shownTexts = findFixtures().filter(showsFixes).map((path) => readFileSync(join(fixturesFolder, path), 'utf8'));

it.each(Object.keys(BLOCKED_REASONS))('a fixture shows "%s"', (reason) => {
  expect(shownTexts.some((text) => new RegExp(`no fix: [^:]*: ${reason}: `).test(text))).toBe(true);
});
