/** ESLint's worker threads: each has its own memory of the project, and all of them together say what one says. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installBuiltPackage, type InstalledPackage } from './install-built-package.ts';
import { runEslint } from './run-eslint.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/other-files');

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installBuiltPackage();
  await installed.link('@typescript-eslint/parser');
  for (const file of await readdir(fixtures, { recursive: true })) {
    if (/\.(?:[cm]?[jt]s|json)$/.test(file)) await installed.write(path.join('src', file), await readFile(path.join(fixtures, file), 'utf8'));
  }
  await installed.write('eslint.config.mjs', `
    import parser from '@typescript-eslint/parser';
    import connectionLeaks from 'eslint-plugin-connection-leaks';
    export default [
      { files: ['**/*.ts', '**/*.js'], languageOptions: { parser } },
      { files: ['**/*.cjs'], languageOptions: { parser, sourceType: 'commonjs' } },
      connectionLeaks.configs.recommended,
    ];`);
});
afterAll(() => installed.remove());

describe.each([['10', 'eslint'], ['9', 'eslint-9']] as const)('under ESLint %s', (_version, name) => {
  it('findings are the same with one thread and with several', async () => {
    await installed.link('eslint', name);
    const [one, ...others] = await Promise.all(['off', '2', '3'].map((count) => runEslint(name, installed.folder, { args: ['src', '--concurrency', count] })));
    expect(one!.stderr).toBe('');
    expect(one!.reports.length).toBeGreaterThan(20);
    for (const other of others) expect(other.reports).toEqual(one!.reports);
  });
});
