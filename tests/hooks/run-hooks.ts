/**
 * Follows each recipe of docs/pre-commit.md in a new repository with the packed plugin: a leak that is staged is refused by the real `git commit`, its mended
 * version is committed, and so is a commit without code. Then what docs/ci.md and action.yml run.
 *
 *     npm run test:hooks [-- --only husky]
 *
 * Needs git and the npm registry; the recipes of pre-commit need that program, and are reported as not run without it. Exit code 1 where a recipe does not do what
 * its page says.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { LEAK, MENDED } from '../cli/scanned-project.ts';
import { installProject } from '../matrix/install-project.ts';
import { packPlugin } from '../matrix/pack-plugin.ts';
import { ciCommands } from './ci-commands.ts';
import { readRecipes, type Recipe } from './read-recipes.ts';

const TOOLS = ['eslint@^10.0.0', 'typescript@~6.0.0', '@typescript-eslint/parser@^8.73.0'];
const IDENTITY = { GIT_AUTHOR_NAME: 'a', GIT_AUTHOR_EMAIL: 'a@example.org', GIT_COMMITTER_NAME: 'a', GIT_COMMITTER_EMAIL: 'a@example.org' };

const root = resolve(import.meta.dirname, '../..');
const { values: { only } } = parseArgs({ options: { only: { type: 'string' } } });
const isWanted = (name: string): boolean => only === undefined || name.includes(only);
const tarball = packPlugin();

let failed = 0;
for (const recipe of readRecipes(readFileSync(join(root, 'docs/pre-commit.md'), 'utf8')).filter(({ name }) => isWanted(name))) {
  if (recipe.name.startsWith('pre-commit') && spawnSync('pre-commit', ['--version']).status !== 0) {
    console.log(`NOT RUN  ${recipe.name}: the program pre-commit is not installed`);
    continue;
  }
  report(recipe.name, () => followRecipe(recipe));
}
for (const { name, run } of ciCommands(tarball).filter((command) => isWanted(command.name))) report(name, () => inProject(run));
if (failed > 0) process.exitCode = 1;

/** Runs one check and prints how it ended. */
function report(name: string, check: () => void): void {
  const started = Date.now();
  try {
    check();
    console.log(`works    ${name}, ${((Date.now() - started) / 1000).toFixed(0)} s`);
  } catch (error) {
    failed++;
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string };
    console.log(`FAILS    ${name}: ${[message, stdout, stderr].join('\n').trim().replaceAll('\n', '\n  ')}`);
  }
}

function inProject(check: (folder: string) => void): void {
  const project = installProject('npm', TOOLS, tarball);
  try {
    check(project.folder);
  } finally {
    project.remove();
  }
}

function followRecipe(recipe: Recipe): void {
  inProject((folder) => {
    const run = (command: string, ...args: string[]): string => execFileSync(command, args, { cwd: folder, encoding: 'utf8', stdio: 'pipe', env: { ...process.env, ...IDENTITY } });
    const commits = (): number => Number(run('git', 'rev-list', '--count', 'HEAD'));
    const stage = (file: string, text: string): void => {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), text);
      run('git', 'add', file);
    };
    run('git', 'init', '--quiet');
    stage('.gitignore', 'node_modules\n');
    // What leaks already is not asked about.
    stage('src/old.js', LEAK);
    run('git', 'commit', '--quiet', '-m', 'before the hook');
    for (const step of recipe.steps) {
      if (step.kind === 'file') writeRecipeFile(folder, step.path, step.text);
      else for (const line of step.lines) run('sh', '-c', forThisNode(line));
    }

    for (const file of ['src/new.js', 'src/new.ts']) {
      const before = commits();
      stage(file, LEAK);
      const refused = spawnSync('git', ['commit', '-m', 'leaks'], { cwd: folder, encoding: 'utf8', env: { ...process.env, ...IDENTITY } });
      const said = refused.stdout + refused.stderr;
      if (refused.status === 0) throw new Error(`${file} was committed with its leak:\n${said}`);
      if (!said.includes(`${file}:6:24`)) throw new Error(`the commit of ${file} was refused, but not for its leak:\n${said}`);
      if (said.includes('src/old.js')) throw new Error(`a file that is not staged was read:\n${said}`);
      if (commits() !== before) throw new Error('a commit that was refused is there');
      stage(file, MENDED);
      run('git', 'commit', '-m', 'releases');
      if (commits() !== before + 1) throw new Error('the mended file was not committed');
    }
    stage('notes.txt', 'text');
    run('git', 'commit', '-m', 'no code');
  });
}

/** `package.json` is merged; a hook is executable. */
function writeRecipeFile(folder: string, path: string, text: string): void {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  if (path === 'package.json') {
    writeFileSync(file, JSON.stringify({ ...(JSON.parse(readFileSync(file, 'utf8')) as object), ...(JSON.parse(text) as object) }, null, 2));
    return;
  }
  // The release that the page names is this repository as it is committed.
  const commit = (): string => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  writeFileSync(file, text.replace(/https:\/\/github\.com\/connection-leaks\/\S+/, root).replace(/rev: v\S+/, () => `rev: ${commit()}`));
  chmodSync(file, 0o755);
}

/** lint-staged 17 says that it needs Node 22, and the page what to take instead. */
function forThisNode(line: string): string {
  return Number(process.versions.node.split('.')[0]) < 22 ? line.replace(/ lint-staged$/, ' lint-staged@16') : line;
}
