/** docs/limits.md: each silence, each thing taken as given and each known miss stands in a fixture, and the fixture shows it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { analyseProgramModel } from '../../src/analysis/analyse-program.ts';
import type { Silence } from '../../src/domain/obligation.ts';
import { verdictOf } from '../../src/findings/detect-findings.ts';
import type { SiteVerdict } from '../../src/findings/finding.ts';
import { findFixtures, fixturesFolder } from '../fixture-runner/find-fixtures.ts';
import { parseFixture, sourceTypeOf } from '../fixture-runner/parse-fixture.ts';
import { modelOfSource } from '../model-of-source.ts';

const page = readFileSync(fileURLToPath(new URL('../../docs/limits.md', import.meta.url)), 'utf8');
const [silences = '', unseen = '', given = '', misses = ''] = page.split(/^(?:Some code is not seen|Some things are taken as given|## Known misses)/m);

/** The fixtures that a part of the page links to. */
function fixturesIn(text: string): string[] {
  return [...text.matchAll(/\]\(\.\.\/tests\/fixtures\/([^)]+)\)/g)].map(([, path]) => path ?? '');
}

function verdictsOn(path: string): SiteVerdict[] {
  const text = readFileSync(join(fixturesFolder, path), 'utf8');
  return analyseProgramModel(modelOfSource(text, { sourceType: sourceTypeOf(path) })).map(verdictOf);
}

describe('silences', () => {
  const rows = [...silences.matchAll(/^\| `([a-z ]+)` \| .* \| (.*) \|$/gm)].map(([, name = '', links = '']) => ({ name, fixtures: fixturesIn(links) }));

  it('all are listed', () => {
    const all = {
      continuation: 1, callback: 1, 'callback order': 1, 'unseen function': 1, generator: 1, recursion: 1, depth: 1, 'disjunct bound': 1, spread: 1,
      'not created here': 1, 'own state': 1, 'may stay': 1, unsupported: 1,
    } satisfies Record<Silence, 1>;
    expect(rows.map(({ name }) => name).sort()).toEqual(Object.keys(all).sort());
  });

  it.each(rows)('$name is shown', ({ name, fixtures }) => {
    expect(fixtures.length).toBeGreaterThan(0);
    for (const path of fixtures) expect(verdictsOn(path).map(({ reason }) => reason), path).toContain(name);
  });
});

describe('the other lists', () => {
  const all = new Set(findFixtures());

  it.each([['what is not seen', unseen], ['what is taken as given', given]])('%s has a fixture for each entry', (_, text) => {
    const entries = text.split(/^- /m).slice(1);
    expect(entries.length).toBeGreaterThan(2);
    for (const entry of entries) {
      const fixtures = fixturesIn(entry);
      expect(fixtures, entry).not.toEqual([]);
      expect(fixtures.filter((path) => !all.has(path))).toEqual([]);
    }
  });

  it('what is taken as given is judged right', () => {
    for (const path of fixturesIn(given)) {
      const { kind, units } = parseFixture(path, readFileSync(join(fixturesFolder, path), 'utf8'));
      expect(kind, path).toBe('right');
      expect(units.some(({ verdict }) => verdict === 'Ok'), path).toBe(true);
    }
  });

  it('known misses and known false alarms are all listed, and no others', () => {
    const known = [...all].filter((path) => /\/f[np]\.[^/]+$/.test(path));
    expect([...new Set(fixturesIn(misses))].sort()).toEqual(known.sort());
  });
});
