import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../rules/index.ts';
import { findFixtures, fixturesFolder } from './fixture-runner/find-fixtures.ts';
import { lintFixture } from './fixture-runner/lint-fixture.ts';
import { parseFixture, type Fixture } from './fixture-runner/parse-fixture.ts';

const require = createRequire(import.meta.url);

const current = new Map<string, ReturnType<typeof lintFixture>>();

/** What ESLint 10 reports; found once. */
function reportedNow(fixture: Fixture): ReturnType<typeof lintFixture> {
  const known = current.get(fixture.path) ?? lintFixture(fixture, fixture.text, plugin);
  current.set(fixture.path, known);
  return known;
}

describe.each([
  ['eslint-9', '9.', 0],
  ['eslint-8', '8.', 1],
])('%s', (name, version, turn) => {
  // The older versions come without types of their own; for what is used here they are those of ESLint 10.
  const older = require(name) as { Linter: typeof Linter };

  it('is the version it is called', () => {
    expect(older.Linter.version.startsWith(version)).toBe(true);
  });

  // Each fixture under one of the two; under both with ALL_COMBINATIONS=1.
  it.each(findFixtures().filter((_, index) => index % 2 === turn || process.env['ALL_COMBINATIONS'] === '1'))('reports what ESLint 10 reports in %s', (path) => {
    const text = readFileSync(join(fixturesFolder, path), 'utf8');
    const fixture = parseFixture(path, text);
    expect(lintFixture(fixture, text, plugin, { Linter: older.Linter })).toEqual(reportedNow(fixture));
  });
});
