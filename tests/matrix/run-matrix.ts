/**
 * Installs the packed plugin into fresh projects, one for each combination of linter, TypeScript, parser and package manager that it promises to work
 * with, lints all fixtures there, and compares the findings, their messages and their edits with those of this project's ESLint without types.
 *
 *     npm run test:matrix [-- --only oldest --only oxlint]
 *
 * Needs the npm registry. Prints a line for each combination, and what differs; exit code 1 where anything does.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { installBuiltPackage } from '../package/install-built-package.ts';
import { COMBINATIONS, type Combination } from './combinations.ts';
import { compareReports } from './compare-reports.ts';
import { countAnnotations, writeFixtureWorkspace } from './fixture-workspace.ts';
import { installProject } from './install-project.ts';
import { packPlugin } from './pack-plugin.ts';
import { lintWithEslint, lintWithOxlint, type LintReport } from './lint-workspace.ts';

/** More than this is not printed: what differs in a hundred places differs for one reason. */
const SHOWN_DIFFERENCES = 20;

const { values: { only } } = parseArgs({ options: { only: { type: 'string', multiple: true } } });
const unknown = only?.filter((name) => !COMBINATIONS.some((combination) => combination.name === name)) ?? [];
if (unknown.length > 0) throw new Error(`--only takes ${COMBINATIONS.map(({ name }) => name).join(', ')}; not ${unknown.join(', ')}`);

const tarball = packPlugin();
const expected = await lintAsDeveloped();
if (expected.length < countAnnotations()) throw new Error(`${String(expected.length)} findings, but the fixtures show ${String(countAnnotations())}`);
console.log(`${String(expected.length)} findings with the ESLint of this project`);

let failed = 0;
for (const combination of COMBINATIONS.filter(({ name }) => only === undefined || only.includes(name))) {
  const started = Date.now();
  const { expectedHere, differences } = await judgeCombination(combination);
  const seconds = ((Date.now() - started) / 1000).toFixed(0);
  console.log(`${differences.length === 0 ? 'same' : 'DIFFERENT'}  ${combination.name}: ${String(expectedHere)} findings, ${seconds} s`);
  for (const line of differences.slice(0, SHOWN_DIFFERENCES)) console.log(`  ${line}`);
  if (differences.length > SHOWN_DIFFERENCES) console.log(`  and ${String(differences.length - SHOWN_DIFFERENCES)} more`);
  if (differences.length > 0) failed++;
}
if (failed > 0) process.exitCode = 1;

/** What the fixtures give with what this project has installed. */
async function lintAsDeveloped(): Promise<LintReport[]> {
  const installed = await installBuiltPackage();
  try {
    for (const name of ['eslint', 'typescript', '@typescript-eslint/parser']) await installed.link(name);
    return await lintWithEslint(installed.folder, writeFixtureWorkspace(installed.folder), { config: 'flat', typescript: true });
  } finally {
    await installed.remove();
  }
}

async function judgeCombination({ packages, linter, config, typescript, installer, readsUsing }: Combination): Promise<{ expectedHere: number; differences: string[] }> {
  const project = installProject(installer, packages, tarball);
  try {
    const groups = writeFixtureWorkspace(project.folder);
    const isRead = ({ file }: LintReport): boolean =>
      (typescript || /\.[cm]?jsx?$/.test(file)) && (readsUsing || !/^\s*(?:await )?using \w+ =|\((?:await )?using /m.test(readFileSync(join(project.folder, file), 'utf8')));
    const all = linter === 'oxlint' ? await lintWithOxlint(project.folder, groups) : await lintWithEslint(project.folder, groups, { config, typescript, runner: project.runEslint });
    const expectedHere = expected.filter(isRead);
    return { expectedHere: expectedHere.length, differences: compareReports(expectedHere, all.filter(isRead)) };
  } finally {
    project.remove();
  }
}
