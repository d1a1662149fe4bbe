/**
 * What ESLint offers for the fixtures: applied, the text parses and compiles as before, the finding is gone, none is new, and a second run has nothing to do.
 * For the fixtures of `fixes/` the text itself is shown beside them.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { findFixtures, fixturesFolder } from '../fixture-runner/find-fixtures.ts';
import { fixFixture, messagesOf, offeredEdits, showsFixes } from '../fixture-runner/fix-fixture.ts';
import { lintMessages } from '../fixture-runner/lint-fixture.ts';
import { stripAnnotations } from '../fixture-runner/annotate.ts';
import { parseFixture, type Fixture } from '../fixture-runner/parse-fixture.ts';
import { BUNDLED, typeErrors } from './type-errors.ts';

const fixtures = findFixtures().map((path) => ({ path, fixture: parseFixture(path, stripAnnotations(readFileSync(join(fixturesFolder, path), 'utf8'))) }));

const results = new Map<Fixture, ReturnType<typeof fixFixture>>();

/** What the fixture becomes; found once. */
function resultOf(fixture: Fixture): ReturnType<typeof fixFixture> {
  let result = results.get(fixture);
  if (result === undefined) {
    result = fixFixture(fixture, plugin);
    results.set(fixture, result);
  }
  return result;
}

/** What is reported, by rule and source. */
function findingsIn(fixture: Fixture, text: string): string[] {
  const lines = text.split('\n');
  const messages = text === fixture.text ? messagesOf(fixture, plugin) : lintMessages(fixture, text, plugin);
  return messages.map(({ ruleId, line, column, fatal, message }) => {
    if (fatal === true) throw new Error(`${fixture.path}:${String(line)}: ${message}\n${text}`);
    return `${String(ruleId)} ${lines[line - 1]!.slice(column - 1)}`;
  });
}

function without(list: readonly string[], one: string): string[] {
  const index = list.indexOf(one);
  return index < 0 ? [...list] : [...list.slice(0, index), ...list.slice(index + 1)];
}

const edited = fixtures.map(({ path, fixture }) => ({ path, fixture, edits: offeredEdits(fixture, plugin) })).filter(({ edits }) => edits.length > 0);

describe('a fixture', () => {
  it.each(edited)('loses one finding by each edit, and gets none: $path', ({ path, fixture, edits }) => {
    const before = findingsIn(fixture, fixture.text);
    // Of what is shown for something else, a fifth; all with ALL_COMBINATIONS=1.
    const chosen = showsFixes(path) || process.env.ALL_COMBINATIONS === '1' ? edits : edits.filter((_, index) => index % 5 === 0);
    for (const { text } of chosen) {
      const after = findingsIn(fixture, text);
      expect(after.length, text).toBeLessThan(before.length);
      expect(after.reduce(without, before).length, text).toBe(before.length - after.length);
    }
  });

  it.each(edited.filter(({ edits }) => edits.some(({ kind }) => kind === 'fix')))('has nothing left to fix after a first run: $path', ({ path, fixture }) => {
    const { fixed } = resultOf(fixture);
    expect(offeredEdits(parseFixture(path, fixed), plugin).filter(({ kind }) => kind === 'fix')).toEqual([]);
  });

  it.each(fixtures.filter(({ path }) => showsFixes(path)))('becomes what stands beside it (else: npm run fixtures:update): $path', ({ path, fixture }) => {
    expect(existsSync(join(fixturesFolder, `${path}.fixed`))).toBe(true);
    expect(resultOf(fixture).suggested).toBe(readFileSync(join(fixturesFolder, `${path}.fixed`), 'utf8'));
  });
});

it('the results compile where the fixtures do', () => {
  const typed = fixtures.filter(({ path }) => /\.ts$/.test(path) && !path.startsWith('other-files/'));
  const changed = typed.map(({ path, fixture }) => ({ path, before: fixture.text, after: resultOf(fixture).suggested })).filter(({ before, after }) => before !== after);
  // In one program: most of the time goes into what both need.
  const errorsOf = typeErrors(new Map(changed.flatMap(({ path, before, after }) => [[`before/${path}`, before], [`after/${path}`, after]] as const)));
  const compiled = changed.filter(({ path }) => errorsOf(`before/${path}`).length === 0);
  expect(compiled.length).toBeGreaterThan(30);
  expect(compiled.flatMap(({ path }) => errorsOf(`after/${path}`))).toEqual([]);
}, 120_000);

/** The files of the project of a fixture, with another text for its own. */
function projectTexts(path: string, text: string): ReadonlyMap<string, string> {
  const folder = path.split('/').slice(0, 2).join('/');
  const files = readdirSync(join(fixturesFolder, folder), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts')).map((name) => `${folder}/${name}`);
  return new Map(files.map((file) => [file, file === path ? text : readFileSync(join(fixturesFolder, file), 'utf8')]));
}

it.each(edited.filter(({ path }) => showsFixes(path) && path.startsWith('other-files/') && path.endsWith('.ts')))('the results compile in their project: $path', ({ path, fixture }) => {
  expect(typeErrors(projectTexts(path, fixture.text), BUNDLED)(path)).toEqual([]);
  expect(typeErrors(projectTexts(path, resultOf(fixture).suggested), BUNDLED)(path)).toEqual([]);
}, 60_000);
