/** The shapes of real code (`../fixtures/shapes.json`): each has a fixture, a test, or the issue that will bring one. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findFixtures, fixturesFolder } from './find-fixtures.ts';
import { parseFixture } from './parse-fixture.ts';

interface Shape {
  /** `leak-…`: must be found. `right-…`: must stay silent. */
  readonly id: string;
  readonly shape: string;
  /** By fixture, the functions in it. */
  readonly fixtures?: Readonly<Record<string, readonly string[]>>;
  /** Where it is no fixture that shows it. */
  readonly tests?: readonly string[];
  /** The issue that brings the shape, or the rest of it. */
  readonly later?: string;
}

const shapes = JSON.parse(readFileSync(join(fixturesFolder, 'shapes.json'), 'utf8')) as readonly Shape[];
const known = new Set(findFixtures());

describe('shapes of real code', () => {
  it('all are there', () => {
    const ids = (kind: string, count: number): string[] => Array.from({ length: count }, (_, index) => `${kind}-${String(index + 1).padStart(2, '0')}`);
    expect(shapes.map(({ id }) => id)).toEqual([...ids('leak', 37), ...ids('right', 20)]);
  });

  it.each(shapes)('$id: $shape', ({ id, fixtures = {}, tests = [], later }) => {
    expect(Object.keys(fixtures).length + tests.length > 0 || later !== undefined).toBe(true);
    if (later !== undefined) expect(later).toMatch(/^issue \d+: ./);
    for (const path of tests) expect(existsSync(fileURLToPath(new URL(`../../${path}`, import.meta.url))), path).toBe(true);
    for (const [path, names] of Object.entries(fixtures)) {
      expect(known, path).toContain(path);
      const { units } = parseFixture(path, readFileSync(join(fixturesFolder, path), 'utf8'));
      expect(names.filter((name) => !units.some((unit) => unit.name === name)), path).toEqual([]);
    }
    // What must be found has a function that is reported; what must stay silent has none.
    const named = Object.values(fixtures).flat();
    if (named.length > 0) expect(named.some((name) => name.endsWith('Bad'))).toBe(id.startsWith('leak'));
  });
});
