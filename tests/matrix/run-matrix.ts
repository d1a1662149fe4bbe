/**
 * Installs the packed plugin into fresh projects, one for each combination of linter, TypeScript, parser and package manager that it promises to work
 * with, lints all fixtures there, and compares the findings, their messages and their edits with those of this project's ESLint without types.
 *
 *     npm run test:matrix [-- --only oldest --only oxlint]
 *     npm run test:matrix -- --repository <directory>        oxlint and ESLint on a repository that was checked out
 *
 * Needs the npm registry. Prints a line for each combination, and what differs; exit code 1 where anything does.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
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

const { values: { only, repository } } = parseArgs({ options: { only: { type: 'string', multiple: true }, repository: { type: 'string' } } });
const unknown = only?.filter((name) => !COMBINATIONS.some((combination) => combination.name === name)) ?? [];
if (unknown.length > 0) throw new Error(`--only takes ${COMBINATIONS.map(({ name }) => name).join(', ')}; not ${unknown.join(', ')}`);

const tarball = packPlugin();
const failed = repository === undefined ? await judgeCombinations() : await judgeRepository(resolve(repository));
if (failed > 0) process.exitCode = 1;

/** Installs and judges the combinations that are asked for, and says how many differ. */
async function judgeCombinations(): Promise<number> {
  const expected = await lintAsDeveloped();
  if (expected.length < countAnnotations()) throw new Error(`${String(expected.length)} findings, but the fixtures show ${String(countAnnotations())}`);
  console.log(`${String(expected.length)} findings with the ESLint of this project`);
  let different = 0;
  for (const combination of COMBINATIONS.filter(({ name }) => only === undefined || only.includes(name))) {
    const started = Date.now();
    const { expectedHere, differences } = await judgeCombination(combination, expected);
    if (differences.length > 0) different++;
    printDifferences(`${combination.name}: ${String(expectedHere)} findings, ${secondsSince(started)}`, differences);
  }
  return different;
}

/** Lints a copy of the repository with ESLint and with oxlint, each as it is installed from the registry; gives 1 where they differ. */
async function judgeRepository(directory: string): Promise<number> {
  const started = Date.now();
  const { packages } = COMBINATIONS.find(({ linter }) => linter === 'oxlint')!;
  const project = installProject('npm', [...packages, 'eslint@^10.0.0'], tarball);
  try {
    const copy = join(project.folder, 'repository');
    cpSync(directory, copy, { recursive: true, filter: (source) => !['node_modules', '.git'].includes(basename(source)) && !/^\.(?:oxlintrc|eslintrc|eslintignore)/.test(basename(source)) });
    // What marks the root of its project.
    mkdirSync(join(copy, '.git'));
    const groups = [{ settings: undefined, folders: ['repository'] }];
    const underEslint = await lintWithEslint(project.folder, groups, { config: 'flat', typescript: true, path: 'repository' });
    const underOxlint = await lintWithOxlint(project.folder, groups);
    // A file that one of them cannot parse is no difference of the plugin; it is printed all the same.
    const unread = new Set([...underEslint, ...underOxlint].filter(({ rule }) => !rule.startsWith('connection-leaks/')).map(({ file }) => file));
    for (const file of unread) console.log(`not compared, a parser rejects it: ${file}`);
    const isRead = ({ file }: LintReport): boolean => !unread.has(file);
    const differences = compareReports(underEslint.filter(isRead), underOxlint.filter(isRead));
    printDifferences(`oxlint on ${basename(directory)}: ${String(underEslint.filter(isRead).length)} findings, ${secondsSince(started)}`, differences);
    return differences.length > 0 ? 1 : 0;
  } finally {
    project.remove();
  }
}

function printDifferences(what: string, differences: readonly string[]): void {
  console.log(`${differences.length === 0 ? 'same' : 'DIFFERENT'}  ${what}`);
  for (const line of differences.slice(0, SHOWN_DIFFERENCES)) console.log(`  ${line}`);
  if (differences.length > SHOWN_DIFFERENCES) console.log(`  and ${String(differences.length - SHOWN_DIFFERENCES)} more`);
}

function secondsSince(started: number): string {
  return `${((Date.now() - started) / 1000).toFixed(0)} s`;
}

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

async function judgeCombination({ packages, linter, config, typescript, installer, readsUsing }: Combination, expected: readonly LintReport[]): Promise<{ expectedHere: number; differences: string[] }> {
  const project = installProject(installer, packages, tarball);
  try {
    const groups = writeFixtureWorkspace(project.folder);
    const isRead = ({ file }: LintReport): boolean =>
      (typescript || /\.[cm]?jsx?$/.test(file)) && (readsUsing || !/^\s*(?:await )?using \w+ =|\((?:await )?using /m.test(readFileSync(join(project.folder, file), 'utf8')));
    const all = linter === 'oxlint' ? await lintWithOxlint(project.folder, groups) : await lintWithEslint(project.folder, groups, { config, typescript, runner: project.runEslint });
    const expectedHere = expected.filter(isRead);
    const problems = typescript && installer !== 'yarn-pnp' ? checkTypes(project.folder) : [];
    return { expectedHere: expectedHere.length, differences: [...problems, ...compareReports(expectedHere, all.filter(isRead))] };
  } finally {
    project.remove();
  }
}

/** What the TypeScript that is installed in `folder` has against a configuration with the plugin in it, and against one that it should refuse. */
function checkTypes(folder: string): string[] {
  writeFileSync(join(folder, 'typed-config.ts'), `
    import connectionLeaks, { type ConnectionLeaksSettings } from 'eslint-plugin-connection-leaks';
    const settings: ConnectionLeaksSettings = { pairs: [{ acquire: 'borrow', release: 'giveBack', releaseOn: 'pool' }] };
    // @ts-expect-error: no such setting
    export const wrong: ConnectionLeaksSettings = { pears: [] };
    export default [connectionLeaks.configs.recommended, { settings: { 'connection-leaks': settings } }];
  `);
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
    compilerOptions: { module: 'nodenext', moduleResolution: 'nodenext', target: 'es2022', strict: true, noEmit: true, skipLibCheck: true, types: [] }, files: ['typed-config.ts'],
  }));
  const { status, stdout } = spawnSync(process.execPath, [join(folder, 'node_modules/typescript/bin/tsc'), '--pretty', 'false'], { cwd: folder, encoding: 'utf8' });
  return status === 0 ? [] : stdout.trim().split('\n').map((line) => `types: ${line}`);
}
