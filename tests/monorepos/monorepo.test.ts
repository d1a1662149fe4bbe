/** A workspace linted in one run, package by package, in another order, and by several threads: the findings are the same. docs/monorepos.md promises it. */
import { mkdir, symlink } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installBuiltPackage, type InstalledPackage } from '../package/install-built-package.ts';
import { eslintVersions, runEslint, type EslintName } from '../package/run-eslint.ts';
import { KEEPS, PACKAGES, RELEASES, WORKSPACE_FILES } from './workspace-files.ts';

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installBuiltPackage();
  for (const name of ['@typescript-eslint/parser', 'typescript', 'pg']) await installed.link(name);
  for (const [file, text] of Object.entries(WORKSPACE_FILES)) await installed.write(file, text);
  // As every package manager lays a workspace out.
  await mkdir(path.join(installed.folder, 'node_modules/@acme'));
  for (const name of PACKAGES) await symlink(path.join(installed.folder, 'packages', name), path.join(installed.folder, 'node_modules/@acme', name));
});
afterAll(() => installed.remove());

const inFolder = (name: EslintName, folder: string, ...args: string[]): Promise<string[]> =>
  runEslint(name, path.join(installed.folder, folder), { args }).then(({ stderr, reports }) => {
    expect(stderr).toBe('');
    return reports;
  });

/** The findings of one run from the root. */
const atOnce = (name: EslintName): Promise<string[]> => inFolder(name, '.', 'packages');

/** The findings of a run for each package, as a task runner starts them. */
async function onePackageAfterTheOther(name: EslintName, packages: readonly string[] = PACKAGES): Promise<string[]> {
  const reports: string[] = [];
  for (const one of packages) reports.push(...(await inFolder(name, `packages/${one}`, '.')));
  return reports;
}

describe.each(eslintVersions)('under ESLint $version', ({ name, version }) => {
  beforeAll(() => installed.link('eslint', name));

  it('findings do not depend on how the files are divided among runs, or on their order', async () => {
    const expected = ['open-orders.ts: connection-leaks/require-release@4', 'take-client.ts: connection-leaks/require-release@4'];
    expect((await atOnce(name)).sort()).toEqual(expected);
    expect((await onePackageAfterTheOther(name, [...PACKAGES].reverse())).sort()).toEqual(expected);
  });

  it('a change in one package is seen in those that import it, in whichever run', async () => {
    await installed.write('packages/db/src/give-back.ts', KEEPS);
    const together = (await atOnce(name)).sort();
    expect(together).toEqual(expect.arrayContaining(['count-orders.ts: connection-leaks/require-release@4', 'index.ts: connection-leaks/require-release@5']));
    expect((await onePackageAfterTheOther(name)).sort()).toEqual(together);
    await installed.write('packages/db/src/give-back.ts', RELEASES);
  });

  if (version !== '8.57') {
    it('nor on how many threads ESLint has', async () => {
      const [one, several] = await Promise.all(['off', '3'].map((count) => runEslint(name, installed.folder, { args: ['packages', '--concurrency', count] })));
      expect(one!.reports).toHaveLength(2);
      expect(several!.reports).toEqual(one!.reports);
    });
  }
});
