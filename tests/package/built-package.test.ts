import { execFile } from 'node:child_process';
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { installBuiltPackage, type InstalledPackage } from './install-built-package.ts';
import { eslintVersions, runEslint } from './run-eslint.ts';

const run = promisify(execFile);
const tsc = path.resolve(import.meta.dirname, '../../node_modules/typescript/bin/tsc');

let installed: InstalledPackage;
beforeAll(async () => {
  installed = await installBuiltPackage();
});
afterAll(() => installed.remove());

const leaking = `import { Pool } from 'pg';
const pool = new Pool();
export async function load(id) {
  const client = await pool.connect();
  const { rows } = await client.query('SELECT 1', [id]);
  client.release();
  return rows;
}
`;
const releasedTwice = `import { Pool } from 'pg';
const pool = new Pool();
export async function load(id) {
  const client = await pool.connect();
  try {
    return await client.query('SELECT 1', [id]);
  } catch (error) {
    client.release(true);
    throw error;
  } finally {
    client.release();
  }
}
`;
const usedLate = `import { createPool } from 'mysql2/promise';
const pool = createPool({});
export async function load(id) {
  const connection = await pool.getConnection();
  try {
    await connection.query('SELECT 1', [id]);
  } finally {
    connection.release();
  }
  return connection.query('SELECT 2');
}
`;
const right = `import { Pool } from 'pg';
const pool = new Pool();
export async function load(id) {
  const client = await pool.connect();
  try {
    return await client.query('SELECT 1', [id]);
  } finally {
    client.release();
  }
}
`;

describe('the files', () => {
  it('are the plugin in one module with its declarations, the command, the formatters, and what these share', async () => {
    const folder = path.join(installed.folder, 'node_modules/eslint-plugin-connection-leaks');
    expect((await readdir(folder)).sort()).toEqual(['LICENSE', 'README.md', 'dist', 'oxlintrc.json', 'package.json', 'types']);
    const shared = /^report-of-results-[\w-]+\.js$|^scan-project-[\w-]+\.js$|^[\w-]+-[\w-]{8}\.js$/;
    expect((await readdir(path.join(folder, 'dist'))).filter((file) => !shared.test(file)).sort()).toEqual(['connection-leaks.js', 'formatters', 'index-before-5.6.d.ts', 'index.d.ts', 'index.js']);
    expect((await readdir(path.join(folder, 'dist/formatters'))).sort()).toEqual(['github.js', 'gitlab.js', 'sarif.js']);
  });

  it('that npm packs are these, the readme and the licence, and no more', async () => {
    const { stdout } = await run('npm', ['pack', '--dry-run', '--json', '--ignore-scripts'], { cwd: path.join(installed.folder, 'node_modules/eslint-plugin-connection-leaks') });
    const [packed] = JSON.parse(stdout) as { files: { path: string }[]; unpackedSize: number }[];
    const names = packed!.files.map((file) => file.path).filter((file) => !file.startsWith('dist/')).sort();
    expect(names).toEqual(['LICENSE', 'README.md', 'oxlintrc.json', 'package.json', 'types/rules.d.cts', 'types/settings.d.cts']);
    expect(packed!.files.filter((file) => !/\.(?:js|d\.ts)$/.test(file.path) && file.path.startsWith('dist/'))).toEqual([]);
    // Two modules with the engine in them: the plugin, and what the command and the formatters share.
    expect(packed!.unpackedSize).toBeLessThan(2_750_000);
  });

  it('need nothing at run time, neither ESLint nor the TypeScript parser', async () => {
    const script = `
      const imported = (await import('eslint-plugin-connection-leaks')).default;
      console.log(JSON.stringify({ meta: imported.meta, rules: Object.keys(imported.rules) }));`;
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', script], { cwd: installed.folder });
    expect(JSON.parse(stdout)).toEqual({
      meta: expect.objectContaining({ name: 'eslint-plugin-connection-leaks', version: expect.stringMatching(/^\d+\.\d+\.\d+/) }),
      rules: expect.arrayContaining(['require-release', 'no-double-release', 'no-use-after-release', 'no-stored-connection']),
    });
  });

  it('give require() the plugin that import gives', async () => {
    const script = `
      const required = require('eslint-plugin-connection-leaks');
      import('eslint-plugin-connection-leaks').then((module) => console.log(module.default === required));`;
    const { stdout } = await run(process.execPath, ['--input-type=commonjs', '--eval', script], { cwd: installed.folder });
    expect(stdout.trim()).toBe('true');
  });
});

describe.each(eslintVersions)('under ESLint $version', ({ version, name }) => {
  beforeEach(async () => {
    await installed.link('eslint', name);
    await installed.write('src/leaking.js', leaking);
    await installed.write('src/released-twice.js', releasedTwice);
    await installed.write('src/used-late.js', usedLate);
    await installed.write('src/right.js', right);
  });

  async function lintWith(config: string): ReturnType<typeof runEslint> {
    await installed.write('eslint.config.mjs', `import connectionLeaks from 'eslint-plugin-connection-leaks';\n${config}`);
    return runEslint(name, installed.folder, { args: ['src'] });
  }

  it('the preset reports each rule in a plain config array', async () => {
    const { exitCode, stderr, reports } = await lintWith('export default [connectionLeaks.configs.recommended];');
    expect(stderr).toBe('');
    expect(reports).toEqual([
      'leaking.js: connection-leaks/require-release@4',
      'released-twice.js: connection-leaks/no-double-release@11',
      'used-late.js: connection-leaks/no-use-after-release@10',
    ]);
    expect(exitCode).toBe(1);
  });

  it('a single rule can be switched on by its prefix', async () => {
    const { reports } = await lintWith(`export default [{
      plugins: { 'connection-leaks': connectionLeaks },
      rules: { 'connection-leaks/no-double-release': 'warn' },
    }];`);
    expect(reports).toEqual(['released-twice.js: connection-leaks/no-double-release@11']);
  });

  it.each(['require-release', 'no-double-release', 'no-use-after-release', 'no-stored-connection'])(
    'an unknown option of %s is a configuration error',
    async (rule) => {
      const { exitCode, stderr } = await lintWith(`export default [connectionLeaks.configs.recommended, {
        rules: { 'connection-leaks/${rule}': ['error', { nonsense: true }] },
      }];`);
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`connection-leaks/${rule}`);
    },
  );

  it.each([
    ['an unknown key of a pair', "{ pairs: [{ acquire: 'borrow', release: 'giveBack', releaseOn: 'pool', colour: 'red' }] }", 'colour'],
    ['an unknown key beside the pairs', '{ pears: [] }', 'pears'],
    ['a pair without release', "{ pairs: [{ acquire: 'borrow', releaseOn: 'pool' }] }", 'release'],
    ['an unknown place of release', "{ pairs: [{ acquire: 'borrow', release: 'giveBack', releaseOn: 'moon' }] }", 'releaseOn'],
    ['pairs that are no list', "{ pairs: 'borrow' }", 'pairs'],
  ])('%s in the settings is an error that names it', async (_what, settings, key) => {
    const { exitCode, stderr } = await lintWith(`export default [connectionLeaks.configs.recommended, {
      settings: { 'connection-leaks': ${settings} },
    }];`);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('connection-leaks');
    // As a word of its own: `releaseOn` and the rule names do not name `release`.
    expect(stderr).toMatch(new RegExp(`(?<![\\w-])${key}(?![\\w-])`));
  });

  if (version !== '8.57') {
    it('the preset stands beside a block for another language', async () => {
      await installed.write('src/data.toy', 'pool.connect()');
      await installed.write('toy-language.mjs', toyLanguage);
      const { exitCode, stderr, reports } = await lintWith(`
        import toy from './toy-language.mjs';
        export default [
          connectionLeaks.configs.recommended,
          { files: ['**/*.toy'], plugins: { toy }, language: 'toy/toy', rules: { 'toy/seen': 'error' } },
        ];`);
      expect(stderr).toBe('');
      expect(exitCode).toBe(1);
      // That the language's own rule reports shows that the file was linted at all.
      expect(reports.filter((report) => report.startsWith('data.toy'))).toEqual(['data.toy: toy/seen@1']);
    });

    it('the declarations fit a config in TypeScript, with library checks on', async () => {
      await expectTypes(`
        import connectionLeaks from 'eslint-plugin-connection-leaks';
        import type { ESLint, Linter } from 'eslint';
        import { defineConfig } from 'eslint/config';

        export const plugin: ESLint.Plugin = connectionLeaks;
        export const plain: Linter.Config[] = [connectionLeaks.configs.recommended];
        export default defineConfig([
          connectionLeaks.configs.recommended,
          { files: ['**/*.ts'], extends: [connectionLeaks.configs.recommended] },
          { plugins: { 'connection-leaks': connectionLeaks }, extends: ['connection-leaks/recommended'] },
          { rules: { 'connection-leaks/require-release': 'warn' } },
        ]);
      `);
    });

    it('defineConfig knows the options of the rules and the settings, and says what is wrong with them', async () => {
      // Where npm puts it: the interfaces that `defineConfig` reads are declared there.
      await installed.link('@eslint/core', version === '10' ? '@eslint/core' : `${name}/node_modules/@eslint/core`);
      await expectTypes(`
        import connectionLeaks, { type ConnectionLeaksRules, type ConnectionLeaksSettings } from 'eslint-plugin-connection-leaks';
        import type {} from 'eslint-plugin-connection-leaks/rule-types';
        import type { Linter } from 'eslint';
        import { defineConfig } from 'eslint/config';

        // Nobody has to name them all.
        export const others: Linter.RulesRecord = { semi: 'error' };
        export default defineConfig([
          connectionLeaks.configs.strict,
          {
            rules: {
              semi: ['error', 'always'],
              'connection-leaks/require-release': ['warn', { code: 'all' }],
              'connection-leaks/no-stored-connection': ['error', { dedicated: 'pooled' }],
              'connection-leaks/no-pool-per-call': 'off',
              'connection-leaks/no-double-release': 2,
            },
            settings: {
              react: { version: 'detect' },
              'connection-leaks': {
                pairs: [{ acquire: 'borrow', release: ['giveBack', 'discard'], releaseOn: 'pool' }],
                project: { root: '..' },
                prisma: { module: 'src/db.ts' },
              },
            },
          },
        ]);
        export const settings: ConnectionLeaksSettings = connectionLeaks.cacheableSettings({ project: false });
        export const rules: ConnectionLeaksRules = connectionLeaks.configs.all.rules;

        // @ts-expect-error: no such value
        defineConfig([{ rules: { 'connection-leaks/require-release': ['error', { code: 'tests' }] } }]);
        // @ts-expect-error: an option of another rule
        defineConfig([{ rules: { 'connection-leaks/require-release': ['error', { dedicated: 'pooled' }] } }]);
        // @ts-expect-error: no such severity
        defineConfig([{ rules: { 'connection-leaks/no-pool-per-call': 'always' } }]);
      `, { skipLibCheck: true });
      // The settings are known without being asked for; in ESLint 9 they are any object, whoever declares what.
      const wrong = version === '10' ? '// @ts-expect-error: ' : '// not seen: ';
      await expectTypes(`
        import connectionLeaks, { type ConnectionLeaksSettings } from 'eslint-plugin-connection-leaks';
        import { defineConfig } from 'eslint/config';

        export default defineConfig([connectionLeaks.configs.recommended, { settings: { 'connection-leaks': { project: false } } }]);
        ${wrong}no such setting
        defineConfig([{ settings: { 'connection-leaks': { pears: [] } } }]);
        ${wrong}a pair without its other half
        defineConfig([{ settings: { 'connection-leaks': { pairs: [{ acquire: 'borrow', releaseOn: 'pool' }] } } }]);
        ${wrong}no such place
        defineConfig([{ settings: { 'connection-leaks': { pairs: [{ acquire: 'borrow', release: 'giveBack', releaseOn: 'moon' }] } } }]);
        // @ts-expect-error: no such setting, wherever the type is named
        export const named = { pears: [] } satisfies ConnectionLeaksSettings;
      `);
      await installed.unlink('@eslint/core');
    });
  } else {
    it('the rules work in an eslintrc file', async () => {
      await installed.write('.eslintrc.json', JSON.stringify({
        root: true,
        parserOptions: { ecmaVersion: 2022, sourceType: 'module' },
        plugins: ['connection-leaks'],
        rules: { 'connection-leaks/require-release': 'error' },
      }));
      const { reports } = await runEslint(name, installed.folder, { args: ['src'], flat: false });
      expect(reports).toEqual(['leaking.js: connection-leaks/require-release@4']);
    });
  }
});

describe('without ESLint', () => {
  it('the declarations need no other package, so that users of another linter can check theirs', async () => {
    await installed.unlink('eslint');
    await expectTypes(`
      import connectionLeaks from 'eslint-plugin-connection-leaks';
      export const name: string = connectionLeaks.meta.name;
      export const rules = connectionLeaks.configs.recommended.rules;
    `);
  });
});

async function expectTypes(config: string, { skipLibCheck = false } = {}): Promise<void> {
  await installed.write('eslint.config.ts', config);
  await installed.write('tsconfig.json', JSON.stringify({
    compilerOptions: { module: 'nodenext', target: 'es2023', strict: true, noEmit: true, skipLibCheck, types: [] },
    files: ['eslint.config.ts'],
  }));
  const { stdout } = await run(process.execPath, [tsc, '--pretty', 'false'], { cwd: installed.folder }).catch(
    (error: unknown) => error as { stdout: string },
  );
  expect(stdout).toBe('');
}

/** As little of a language as ESLint accepts: a file is one node, and one rule says that it was there. */
const toyLanguage = `
class SourceCode {
  constructor(text, ast) { this.text = text; this.ast = ast; this.lines = text.split('\\n'); }
  getText() { return this.text; }
  getLoc(node) { return node.loc; }
  getRange(node) { return node.range; }
  getParent() { return undefined; }
  traverse() {
    return [1, 2].map((phase) => ({ kind: 1, type: 'visit', target: this.ast, phase, args: [this.ast, null] }));
  }
}
export default {
  languages: { toy: {
    fileType: 'text', lineStart: 1, columnStart: 1, nodeTypeKey: 'type', visitorKeys: { Document: [] },
    defaultLanguageOptions: {}, validateLanguageOptions() {}, matchesSelectorClass() { return false; },
    parse(file) {
      const loc = { start: { line: 1, column: 1 }, end: { line: 1, column: 1 + file.body.length } };
      return { ok: true, ast: { type: 'Document', loc, range: [0, file.body.length] } };
    },
    createSourceCode(file, { ast }) { return new SourceCode(file.body, ast); },
  } },
  rules: { seen: {
    meta: { type: 'problem', schema: [], messages: { seen: 'seen' } },
    create(context) { return { Document(node) { context.report({ node, messageId: 'seen' }); } }; },
  } },
};
`;
