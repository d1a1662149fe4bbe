/** The command and the formatters as they are installed: from the package that is built, in a project of its own. */
import { execFile } from 'node:child_process';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { LEAK, SAFE } from '../cli/scanned-project.ts';
import { validateSarif } from '../cli/validate-sarif.ts';
import { installBuiltPackage, type InstalledPackage } from './install-built-package.ts';
import { eslintVersions } from './run-eslint.ts';

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installBuiltPackage();
  await installed.write('src/leak.js', LEAK);
  await installed.write('src/safe.js', SAFE);
});
afterAll(() => installed.remove());

interface Ended {
  exitCode: number;
  stdout: string;
  stderr: string;
}

/** Runs a script of the installed packages in the folder; an exit code that is not 0 is a result too. */
function runNode(script: string, ...args: string[]): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(process.execPath, [path.join(installed.folder, 'node_modules', script), ...args], { cwd: installed.folder }, (error, stdout, stderr) => {
      resolve({ exitCode: typeof error?.code === 'number' ? error.code : 0, stdout, stderr });
    });
  });
}

const command = (...args: string[]): Promise<Ended> => runNode('eslint-plugin-connection-leaks/dist/connection-leaks.js', ...args);

describe.each(eslintVersions)('under ESLint $version', ({ name }) => {
  beforeAll(async () => {
    await installed.link('eslint', name);
    await installed.link('@typescript-eslint/parser');
    await installed.link('typescript');
    await installed.write('src/leak.ts', LEAK);
    // ESLint has something to say about this file, which is not the command's to pass on.
    await installed.write('.eslintignore', 'build\n');
  });

  it('the command finds what leaks in JavaScript and TypeScript', async () => {
    const { exitCode, stdout, stderr } = await command('src');
    expect(stderr).toBe('');
    expect(stdout).toContain('src/leak.js:6:24  connection-leaks/require-release');
    expect(stdout).toContain('src/leak.ts:6:24  connection-leaks/require-release');
    expect(stdout).toContain('2 findings in 2 files of 3.');
    expect(exitCode).toBe(1);
  });

  it('the formatters draw the way of a finding that a lint reports', async () => {
    await installed.write('eslint.config.mjs', `import connectionLeaks from 'eslint-plugin-connection-leaks';\nexport default [connectionLeaks.configs.recommended];\n`);
    const formatter = (format: string): string => `./node_modules/eslint-plugin-connection-leaks/dist/formatters/${format}.js`;
    const sarif = await runNode('eslint/bin/eslint.js', '-f', formatter('sarif'), 'src/leak.js');
    const { runs } = JSON.parse(sarif.stdout) as { runs: { results: { codeFlows: { threadFlows: { locations: object[] }[] }[] }[] }[] };
    expect(validateSarif(sarif.stdout)).toEqual([]);
    expect(runs[0]!.results.map(({ codeFlows }) => codeFlows[0]!.threadFlows[0]!.locations.length)).toEqual([2]);
    expect((await runNode('eslint/bin/eslint.js', '-f', formatter('github'), 'src/leak.js')).stdout).toMatch(/^::error file=src\/leak\.js,line=6,/);
    expect(JSON.parse((await runNode('eslint/bin/eslint.js', '-f', formatter('gitlab'), 'src/leak.js')).stdout)).toHaveLength(1);
  });
});

describe('what is not installed', () => {
  it('is the parser: JavaScript is read, and one line says how to read the rest', async () => {
    await installed.link('eslint');
    await installed.unlink('@typescript-eslint/parser');
    const { exitCode, stdout, stderr } = await command();
    expect(stdout).toContain('src/leak.js:6:24');
    expect(stdout).not.toContain('src/leak.ts');
    expect(stderr).toContain('npx -p eslint -p typescript -p @typescript-eslint/parser -p eslint-plugin-connection-leaks connection-leaks .');
    expect(exitCode).toBe(2);
  });

  it('is ESLint: one line says what works', async () => {
    await installed.unlink('eslint');
    const { exitCode, stdout, stderr } = await command('src');
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^ESLint is not installed here\..*\n {2}npx -p eslint /);
    expect(exitCode).toBe(2);
  });
});
