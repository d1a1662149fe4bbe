import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import plugin from '../rules/index.ts';
import { replaceAnnotations } from './fixture-runner/annotate.ts';
import { describeFixtureFixes, describeFixturePath } from './fixture-runner/describe-fixture-path.ts';
import { findFixtures, fixturesFolder } from './fixture-runner/find-fixtures.ts';
import { judgeFixture } from './fixture-runner/judge-fixture.ts';
import { lintFixture } from './fixture-runner/lint-fixture.ts';
import { parseFixture } from './fixture-runner/parse-fixture.ts';

const paths = findFixtures();

it('finds the fixtures', () => {
  expect(paths.length).toBeGreaterThan(100);
});

describe.each(paths)('%s', (path) => {
  const text = readFileSync(join(fixturesFolder, path), 'utf8');
  const fixture = parseFixture(path, text);
  const reports = lintFixture(fixture, text, plugin, { describePath: describeFixturePath, describeFixes: describeFixtureFixes });

  it('is judged as its names say', () => {
    expect(judgeFixture(fixture, reports)).toEqual([]);
  });

  it('shows the reports under the lines they stand on (else: npm run fixtures:update)', () => {
    expect(replaceAnnotations(text, reports)).toBe(text);
  });
});
