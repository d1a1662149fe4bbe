/**
 * The built plugin under oxlint, as it is: on all fixtures the same findings as under ESLint without types. oxlint is no dependency of the project (its
 * packages for other platforms cannot be locked everywhere): `npm install --no-save --no-package-lock --prefix .cache/oxlint oxlint@1.94.0` puts it where this
 * test looks. Without it the test is skipped, but not in CI, which names the folder.
 */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { compareReports } from '../matrix/compare-reports.ts';
import { countAnnotations, writeFixtureWorkspace } from '../matrix/fixture-workspace.ts';
import { lintWithEslint, lintWithOxlint } from '../matrix/lint-workspace.ts';
import { installBuiltPackage, type InstalledPackage } from './install-built-package.ts';

const root = path.resolve(import.meta.dirname, '../..');
const named = process.env.CONNECTION_LEAKS_OXLINT;
const command = path.join(root, named ?? '.cache/oxlint', 'node_modules/oxlint/bin/oxlint');
const isWanted = named !== undefined || existsSync(command);

let installed: InstalledPackage;
beforeAll(async () => {
  if (!isWanted) return;
  installed = await installBuiltPackage();
  // The project's own parser is what oxlint, whose parser nobody can call, reads other files with.
  for (const name of ['eslint', 'typescript', '@typescript-eslint/parser']) await installed.link(name);
});
afterAll(() => (isWanted ? installed.remove() : undefined));

it.skipIf(!isWanted)('reports what it reports under ESLint', async () => {
  const groups = writeFixtureWorkspace(installed.folder);
  const underEslint = await lintWithEslint(installed.folder, groups, { config: 'flat', typescript: true });
  expect(underEslint.length).toBeGreaterThanOrEqual(countAnnotations());
  expect(new Set(underEslint.map(({ rule }) => rule.replace('connection-leaks/', '')))).toEqual(new Set(Object.keys(plugin.rules)));
  expect(compareReports(underEslint, await lintWithOxlint(installed.folder, groups, command))).toEqual([]);
// oxlint takes settings for a whole run: there are as many runs as settings in the fixtures.
}, 240_000);

it('the configuration for it in the package has the recommended rules', () => {
  const { jsPlugins, rules } = JSON.parse(readFileSync(path.join(root, 'oxlintrc.json'), 'utf8')) as { jsPlugins: string[]; rules: object };
  expect(jsPlugins).toEqual(['./dist/index.js']);
  expect(rules).toEqual(plugin.configs.recommended.rules);
});
