/** The labels are facts about public code, well formed, and documented; and the comparison finds the right site. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { compareLabel, type Label } from './compare-labels.ts';
import type { EvaluatedSite } from './evaluate-file.ts';

const labels = JSON.parse(readFileSync(new URL('labels.json', import.meta.url), 'utf8')) as Label[];
const page = readFileSync(new URL('../../docs/evaluation.md', import.meta.url), 'utf8');
const words = new Set([...page.matchAll(/^\| `([a-z-]+)` \| /gm)].map((match) => match[1]));
const commits = new Map([...page.matchAll(/^\| ([\w.-]+\/[\w.-]+) \| ([0-9a-f]{10}) \|/gm)].map((match) => [match[1], match[2]]));

describe('labels', () => {
  it('hold the facts and nothing else', () => {
    for (const label of labels) {
      const place = `${label.repo} ${label.file}:${label.line}`;
      expect(Object.keys(label), place).toEqual(['repo', 'commit', 'file', 'line', 'column', 'verdict', 'needs', 'why']);
      expect(label.file, place).toMatch(/^[^/].*\.[cm]?[jt]sx?$/);
      expect(label.line > 0 && label.column > 0, place).toBe(true);
      expect(['leak', 'safe', 'debatable', 'not-an-acquire'], place).toContain(label.verdict);
      // Words, not code: no brackets, no operators, no quotes.
      expect(label.why, place).toMatch(/^[A-Za-z][A-Za-z0-9 ,;:'-]{5,119}$/);
    }
  });

  it('say what they need in the words of the documentation', () => {
    expect(words).toContain('same-file');
    for (const { repo, file, line, needs } of labels) {
      expect(needs.length, `${repo} ${file}:${line}`).toBeGreaterThan(0);
      expect(needs.filter((need) => !words.has(need)), `${repo} ${file}:${line}`).toEqual([]);
      if (needs.includes('same-file')) expect(needs, `${repo} ${file}:${line}`).toEqual(['same-file']);
    }
    const used = new Set(labels.flatMap(({ needs }) => needs));
    expect([...words].filter((word) => !used.has(word ?? ''))).toEqual([]);
  });

  it('name repositories at the commits that the documentation lists', () => {
    for (const { repo, commit } of labels) expect(commits.get(repo), repo).toBe(commit);
  });

  it('name each place once, at most eight of a repository', () => {
    const places = labels.map(({ repo, file, line, column }) => `${repo} ${file}:${line}:${column}`);
    expect(places.filter((place, index) => places.indexOf(place) !== index)).toEqual([]);
    const counts = new Map<string, number>();
    for (const { repo } of labels) counts.set(repo, (counts.get(repo) ?? 0) + 1);
    expect([...counts].filter(([, count]) => count > 8)).toEqual([]);
  });
});

describe('the comparison', () => {
  const label: Label = { repo: 'a/b', commit: '0123456789', file: 'c.ts', line: 2, column: 10, verdict: 'leak', needs: ['same-file'], why: 'never released' };
  const site = (line: number, column: number, endLine: number, endColumn: number, verdict: EvaluatedSite['verdict']): EvaluatedSite => ({
    line, column, endLine, endColumn, verdict, reason: undefined,
  });

  it('takes the innermost site that holds the place', () => {
    const sites = [site(2, 10, 2, 24, 'leak'), site(2, 4, 4, 1, 'safe'), site(2, 25, 2, 30, 'unknown')];
    expect(compareLabel(label, sites).answer).toBe('leak');
    expect(compareLabel(label, [...sites].reverse()).answer).toBe('leak');
  });

  it('takes a site that begins on an earlier line', () => {
    expect(compareLabel(label, [site(1, 5, 3, 2, 'safe')]).answer).toBe('safe');
  });

  it('does not take a neighbour', () => {
    expect(compareLabel(label, [site(2, 1, 2, 10, 'leak'), site(2, 11, 2, 20, 'leak'), site(3, 1, 3, 20, 'leak')]).answer).toBe('not seen');
  });
});
