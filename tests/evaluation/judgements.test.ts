/** The judgements are facts about public code, well formed; and the comparison counts what is reported by default. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { describeJudgements, isInProduction, type Judgement, type PlacedFinding } from './compare-judgements.ts';

const judgements = JSON.parse(readFileSync(new URL('judged.json', import.meta.url), 'utf8')) as Judgement[];

describe('judgements', () => {
  it('hold the facts and nothing else', () => {
    for (const judgement of judgements) {
      const place = `${judgement.repo} ${judgement.file}:${String(judgement.line)}`;
      expect(Object.keys(judgement), place).toEqual(['repo', 'commit', 'file', 'line', 'rule', 'verdict', 'wording', 'why']);
      expect(judgement.commit, place).toMatch(/^[0-9a-f]{10}$/);
      expect(judgement.file, place).toMatch(/^[^/].*\.[cm]?[jt]sx?$/);
      expect(['right', 'debatable', 'wrong'], place).toContain(judgement.verdict);
      expect(['ok', 'bad'], place).toContain(judgement.wording);
      // Words, not code.
      expect(judgement.why, place).toMatch(/^[A-Za-z][^`{}=]{5,400}$/);
    }
  });

  it('name each finding once, in production code', () => {
    const places = judgements.map(({ repo, file, line, rule }) => `${repo} ${file}:${String(line)} ${rule}`);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
    expect(judgements.filter((one) => !isInProduction({ ...one, runsOnce: false })).map(({ repo, file }) => `${repo} ${file}`)).toEqual([]);
  });
});

describe('the comparison', () => {
  const finding = (file: string, line: number, runsOnce = false): PlacedFinding => ({ repo: 'a/b', file, line, rule: 'require-release', runsOnce });
  const judgement = (file: string, line: number, verdict: Judgement['verdict']): Judgement =>
    ({ repo: 'a/b', commit: '0123456789', file, line, rule: 'require-release', verdict, wording: 'ok', why: 'never released' });

  it('counts findings in production code by verdict, and lists what is wrong or was not read', () => {
    const findings = [finding('src/a.ts', 1), finding('src/a.ts', 2), finding('src/a.ts', 3), finding('test/a.ts', 1), finding('src/seed.ts', 1, true)];
    const lines = describeJudgements(findings, [judgement('src/a.ts', 1, 'right'), judgement('src/a.ts', 2, 'wrong'), judgement('src/gone.ts', 9, 'right')]);
    expect(lines[0]).toBe('5 findings, 3 of them in production code');
    expect(lines).toContain('| `require-release` | 3 | 1 | 0 | 1 | 1 |');
    expect(lines).toContain('| a/b | 3 | 1 | 0 | 1 | 1 |');
    expect(lines).toContain('| all | 3 | 1 | 0 | 1 | 1 |');
    expect(lines.slice(-2)).toEqual(['- wrong: a/b src/a.ts:2 require-release', '- not read: a/b src/a.ts:3 require-release']);
  });
});
