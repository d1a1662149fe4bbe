/**
 * The built plugin under oxlint, as it is: the same findings as under ESLint, those of other files among them. oxlint is no dependency of the project
 * (its packages for other platforms cannot be locked everywhere): `npm install --no-save oxlint@1.94.0` runs this test.
 */
import { existsSync } from 'node:fs';
import { execFile } from 'node:child_process';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { installBuiltPackage, type InstalledPackage } from './install-built-package.ts';
import { runEslint } from './run-eslint.ts';

const root = path.resolve(import.meta.dirname, '../..');
const fixtures = path.join(root, 'tests/fixtures/other-files');
const RULES = ['require-release', 'no-double-release', 'no-use-after-release', 'no-stored-connection', 'no-pool-per-call', 'no-multiple-prisma-clients'];
const command = path.join(root, 'node_modules/oxlint/bin/oxlint');
const isInstalled = existsSync(command);

let installed: InstalledPackage;
beforeAll(async () => {
  if (!isInstalled) return;
  installed = await installBuiltPackage();
  // The project's own parser is what oxlint, whose parser nobody can call, reads other files with.
  await installed.link('@typescript-eslint/parser');
  await installed.link('eslint');
  for (const file of await readdir(fixtures, { recursive: true })) {
    if (/\.(?:[cm]?[jt]s|json)$/.test(file)) await installed.write(path.join('src', file), await readFile(path.join(fixtures, file), 'utf8'));
  }
  const rules = Object.fromEntries(RULES.map((rule) => [`connection-leaks/${rule}`, 'error']));
  await installed.write('.oxlintrc.json', JSON.stringify({ jsPlugins: ['eslint-plugin-connection-leaks'], categories: { correctness: 'off' }, rules }));
  await installed.write('eslint.config.mjs', `
    import parser from '@typescript-eslint/parser';
    import connectionLeaks from 'eslint-plugin-connection-leaks';
    export default [
      { files: ['**/*.ts', '**/*.js'], languageOptions: { parser } },
      { files: ['**/*.cjs'], languageOptions: { parser, sourceType: 'commonjs' } },
      connectionLeaks.configs.recommended,
    ];`);
});
afterAll(() => (isInstalled ? installed.remove() : undefined));

interface Diagnostic {
  readonly filename: string;
  readonly code: string;
  readonly labels: readonly { readonly span: { readonly line: number } }[];
}

function runOxlint(): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [command, '--format', 'json', 'src'], { cwd: installed.folder, maxBuffer: 2 ** 24 }, (error, stdout, stderr) => {
      try {
        const { diagnostics } = JSON.parse(stdout) as { diagnostics: readonly Diagnostic[] };
        resolve(diagnostics.map(({ filename, code, labels }) => `${path.basename(filename)}: ${code.replace(/\((.*)\)$/, '/$1')}@${String(labels[0]?.span.line)}`));
      } catch {
        reject(error ?? new Error(stderr));
      }
    });
  });
}

it.skipIf(!isInstalled)('reports what it reports under ESLint', async () => {
  const { reports } = await runEslint('eslint', installed.folder, { args: ['src'] });
  expect(reports.length).toBeGreaterThan(20);
  expect((await runOxlint()).sort()).toEqual([...reports].sort());
});
