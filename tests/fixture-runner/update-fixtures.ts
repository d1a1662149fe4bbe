/**
 * Rewrites the annotations of the fixtures, and what those of `fixes/` become (`.fixed`), from what the rules report now: `npm run fixtures:update [part of a path …]`.
 * Names ending with Ok and Bad are never touched; a fixture that they contradict is updated all the same and named at the end.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import plugin from '../../rules/index.ts';
import { annotate } from './annotate.ts';
import { describeFixtureFixes, describeFixturePath } from './describe-fixture-path.ts';
import { findFixtures, fixturesFolder } from './find-fixtures.ts';
import { fixFixture, showsFixes } from './fix-fixture.ts';
import { judgeFixture } from './judge-fixture.ts';
import { lintFixture } from './lint-fixture.ts';
import { parseFixture } from './parse-fixture.ts';

const wanted = process.argv.slice(2);
let changed = 0;
let wrong = 0;
for (const path of findFixtures()) {
  if (wanted.length > 0 && !wanted.some((part) => path.includes(part))) continue;
  const file = join(fixturesFolder, path);
  const text = readFileSync(file, 'utf8');
  const updated = annotate(text, (variant) => lintFixture(parseFixture(path, variant), variant, plugin, { describePath: describeFixturePath, describeFixes: describeFixtureFixes }));
  if (updated !== text) {
    writeFileSync(file, updated);
    changed++;
  }
  const fixture = parseFixture(path, updated);
  const fixed = showsFixes(path) ? fixFixture(fixture, plugin).suggested : undefined;
  if (fixed !== undefined && !(existsSync(`${file}.fixed`) && readFileSync(`${file}.fixed`, 'utf8') === fixed)) {
    writeFileSync(`${file}.fixed`, fixed);
    changed++;
  }
  for (const problem of judgeFixture(fixture, lintFixture(fixture, updated, plugin))) {
    console.error(`${path}: ${problem}`);
    wrong++;
  }
}
console.log(`${changed} fixtures rewritten, ${wrong} verdicts contradict the names in the fixtures`);
if (wrong > 0) process.exitCode = 1;
