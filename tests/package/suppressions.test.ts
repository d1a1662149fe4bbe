/** Old code adopts the plugin by bulk suppressions, as docs/ci.md says: old findings pass, a new one fails, a mended one is pruned. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { LEAK, SAFE } from '../cli/scanned-project.ts';
import { installBuiltPackage, type InstalledPackage } from './install-built-package.ts';
import { eslintVersions, runEslint } from './run-eslint.ts';

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installBuiltPackage();
  await installed.write('eslint.config.mjs', `import connectionLeaks from 'eslint-plugin-connection-leaks';\nexport default [connectionLeaks.configs.recommended];\n`);
});
afterAll(() => installed.remove());

// ESLint has them since 9.24.
describe.each(eslintVersions.filter(({ version }) => version !== '8.57'))('under ESLint $version', ({ name }) => {
  const lint = (...args: string[]): ReturnType<typeof runEslint> => runEslint(name, installed.folder, { args: ['src', ...args] });

  it('the old findings pass, a new one fails, and a mended one is pruned', async () => {
    await installed.link('eslint', name);
    await installed.write('src/old.js', LEAK);
    await installed.write('src/other.js', SAFE);
    await lint('--suppress-rule', 'connection-leaks/require-release');
    expect(await lint()).toMatchObject({ exitCode: 0, reports: [] });

    await installed.write('src/other.js', LEAK);
    expect(await lint()).toMatchObject({ exitCode: 1, reports: ['other.js: connection-leaks/require-release@6'] });

    await installed.write('src/other.js', SAFE);
    await installed.write('src/old.js', SAFE);
    expect((await lint('--prune-suppressions')).exitCode).toBe(0);
    expect(JSON.parse(readFileSync(path.join(installed.folder, 'eslint-suppressions.json'), 'utf8'))).toEqual({});
  });
});
