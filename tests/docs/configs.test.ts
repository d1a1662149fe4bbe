/** The configurations shown in the README and in docs/settings.md run as they stand, on the built plugin. */
import { readFileSync } from 'node:fs';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { installBuiltPackage, type InstalledPackage } from '../package/install-built-package.ts';
import { eslintVersions, runEslint } from '../package/run-eslint.ts';
import { readCodeBlocks, verdictOf, type CodeBlock } from './read-code-blocks.ts';

const root = path.resolve(import.meta.dirname, '../..');
const readBlocks = (page: string): CodeBlock[] => readCodeBlocks(readFileSync(path.join(root, page), 'utf8'));
const isConfig = (block: CodeBlock): boolean => block.code.startsWith('// eslint.config.mjs\n');

const leaking = `
  const client = await pool.connect();
  const result = await client.query('SELECT 1');
  client.release();
  return result;
}
`;

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installBuiltPackage();
  await installed.link('typescript-eslint');
  await installed.write('src/load.js', `import { Pool } from 'pg';\nconst pool = new Pool();\nexport async function load() {${leaking}`);
  await installed.write(
    'src/load.ts',
    `import type { Pool } from 'pg';\n\nexport async function load(pool: Pool): Promise<unknown> {${leaking}`,
  );
});
afterAll(() => installed.remove());

describe('the configurations of the README', () => {
  const configs = readBlocks('README.md').filter(isConfig);

  it('are one for JavaScript and two for TypeScript', () => {
    expect(configs.map((block) => block.code.includes('typescript-eslint'))).toEqual([false, true, true]);
  });

  describe.each(eslintVersions)('under ESLint $version', ({ name, version }) => {
    // ESLint 8.57 has no `eslint/config`.
    const runnable = configs.filter((block) => version !== '8.57' || !block.code.includes('eslint/config'));
    it.each(runnable)('README.md, line $line', async (block) => {
      await installed.link('eslint', name);
      await installed.write('eslint.config.mjs', block.code);
      const file = block.code.includes('typescript-eslint') ? 'load.ts' : 'load.js';
      const { stderr, reports } = await runEslint(name, installed.folder, { args: [`src/${file}`] });
      expect(stderr).toBe('');
      expect(reports).toEqual([`${file}: connection-leaks/require-release@4`]);
    });
  });
});

describe('the configurations of docs/settings.md', () => {
  const blocks = readBlocks('docs/settings.md');
  // The one with `cacheableSettings` is run with the real cache (tests/rule/cacheable-settings.test.ts).
  const configs = blocks.filter((block) => isConfig(block) && /releaseOn|drivers:/.test(block.code));

  it('are at least one for each place of release', () => {
    const shown = configs.flatMap((block) => /releaseOn: '(\w+)'/.exec(block.code)?.[1] ?? []);
    expect(new Set(shown)).toEqual(new Set(['pool', 'connection', 'function']));
  });

  describe.each(configs)('line $line', (config) => {
    const section = config.headings[0];
    const examples = blocks.filter((block) => section !== undefined && block.headings[0] === section && verdictOf(block));

    it('is accepted', async () => {
      await installed.write('eslint.config.mjs', config.code);
      const { exitCode, stderr } = await runEslint('eslint', installed.folder, { args: ['src/load.js'] });
      expect(stderr).toBe('');
      expect(exitCode).toBe(1);
    });

    it.each(examples)('judges the example on line $line', async (block) => {
      await installed.write('eslint.config.mjs', config.code);
      await installed.write('src/example.js', block.code);
      const { stderr, reports } = await runEslint('eslint', installed.folder, { args: ['src/example.js'] });
      expect(stderr).toBe('');
      expect(reports.map((report) => report.replace(/@\d+$/, ''))).toEqual(
        verdictOf(block) === 'incorrect' ? ['example.js: connection-leaks/require-release'] : [],
      );
    });

    if (section !== undefined) {
      it('has both kinds of examples', () => {
        expect(new Set(examples.map(verdictOf))).toEqual(new Set(['incorrect', 'correct']));
      });
    }
  });
});
