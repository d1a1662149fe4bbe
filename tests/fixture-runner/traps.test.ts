/** The traps for a static analyser (`../fixtures/traps.json`): code that looks like an acquisition, or like a leak. Each has fixtures that stay silent. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { findFixtures, fixturesFolder } from './find-fixtures.ts';
import { parseFixture } from './parse-fixture.ts';

interface Line {
  /** What the traps have in common. */
  readonly line: string;
  /** By fixture, the functions that show each. */
  readonly traps: readonly { readonly trap: string; readonly fixtures: Readonly<Record<string, readonly string[]>> }[];
}

const lines = JSON.parse(readFileSync(join(fixturesFolder, 'traps.json'), 'utf8')) as readonly Line[];
const known = new Set(findFixtures());

describe('traps', () => {
  it('each line is there, with the traps that it has', () => {
    expect(lines.map(({ traps }) => traps.length)).toEqual([15, 9, 11, 9, 13, 3, 9, 5]);
  });

  it('each name that others use too has its own', () => {
    const text = lines.map(({ line }) => line).join('\n');
    const names = ['connect', 'acquire', 'release', 'getConnection', 'createConnection', 'transaction', 'startSession', 'Pool', 'Client', 'reserve', 'use', 'execute', 'end', 'close', 'destroy'];
    expect(names.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
    const own = lines[2]!.traps.flatMap(({ trap }) => trap.split(':')[0]!.split(', '));
    expect(names.filter((name) => name !== 'connect' && name !== 'release' && !own.includes(name))).toEqual([]);
  });

  it('each fixture of the folder is named', () => {
    const named = new Set(lines.flatMap(({ traps }) => traps.flatMap(({ fixtures }) => Object.keys(fixtures))));
    expect([...known].filter((path) => path.startsWith('traps/') && !named.has(path))).toEqual([]);
  });
});

describe.each(lines)('$line', ({ traps }) => {
  it.each(traps)('$trap', ({ fixtures }) => {
    expect(Object.keys(fixtures)).not.toEqual([]);
    for (const [path, names] of Object.entries(fixtures)) {
      expect(known, path).toContain(path);
      const { units } = parseFixture(path, readFileSync(join(fixturesFolder, path), 'utf8'));
      expect(names.length, path).toBeGreaterThan(0);
      expect(names.filter((name) => !name.endsWith('Ok') || !units.some((unit) => unit.name === name)), path).toEqual([]);
    }
  });
});
