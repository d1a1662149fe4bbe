/** ESLint's `--cache` with the settings that know what lies in other files: with the real ESLint, as its command line runs it. */
import { ESLint, type Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import type { ConnectionLeaksSettings } from '../../src/rule/settings.ts';
import { temporaryTree, type TemporaryTree } from '../project/temporary-tree.ts';

const RELEASES = 'export function giveBack(client) { client.release(); }';
const KEEPS = 'export function giveBack(client) { console.log(client.processID); }';
const FILES = {
  'package.json': { type: 'module' },
  'db.js': "import { Pool } from 'pg'; export const pool = new Pool();",
  'helpers.js': RELEASES,
  'main.js': "import { pool } from './db.js'; import { giveBack } from './helpers.js'; export async function run() { const client = await pool.connect(); try { await client.query('x'); } finally { giveBack(client); } }",
  'page.js': "import { title } from './text.js'; export const page = () => title;",
  'text.js': "export const title = 'one';",
};

/** How many problems a lint of the tree finds that begins anew, as a new process does, but for the cache. */
async function lint(tree: TemporaryTree, settings: (cwd: string) => ConnectionLeaksSettings): Promise<number> {
  const config: Linter.Config[] = [plugin.configs.recommended as unknown as Linter.Config, { settings: { 'connection-leaks': settings(tree.directory) } }];
  const eslint = new ESLint({ cwd: tree.directory, overrideConfigFile: true, overrideConfig: config, cache: true, cacheStrategy: 'content', cacheLocation: tree.at('.cache') });
  const results = await eslint.lintFiles(['.']);
  return results.reduce((sum, { messages }) => sum + messages.length, 0);
}

describe('the cache of ESLint', () => {
  it('misses what changes in another file without them, and sees it with them', async () => {
    const without = temporaryTree(FILES);
    expect(await lint(without, () => ({}))).toBe(0);
    without.write({ 'helpers.js': KEEPS });
    expect(await lint(without, () => ({}))).toBe(0);

    const tree = temporaryTree(FILES);
    const settings = (cwd: string): ConnectionLeaksSettings => plugin.cacheableSettings({}, cwd);
    expect(await lint(tree, settings)).toBe(0);
    tree.write({ 'helpers.js': KEEPS });
    expect(await lint(tree, settings)).toBe(1);
    tree.write({ 'helpers.js': RELEASES });
    expect(await lint(tree, settings)).toBe(0);
  });
});

describe('the settings', () => {
  const contentOf = (tree: TemporaryTree, settings?: ConnectionLeaksSettings): unknown => {
    const { project } = plugin.cacheableSettings(settings, tree.directory);
    return typeof project === 'object' ? project.content : project;
  };

  it('change with what the files import that may acquire, and with nothing else', () => {
    const tree = temporaryTree(FILES);
    const before = contentOf(tree);
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    expect(contentOf(tree)).toBe(before);
    // Nothing that touches a database imports these, and what only they say ESLint itself sees.
    tree.write({ 'text.js': "export const title = 'two';", 'page.js': 'export const page = 1;' });
    expect(contentOf(tree)).toBe(before);
    tree.write({ 'main.js': `${FILES['main.js']}\n` });
    expect(contentOf(tree)).toBe(before);
    for (const [file, text] of [['helpers.js', KEEPS], ['db.js', 'export const pool = something;']] as const) {
      tree.write({ [file]: text });
      expect(contentOf(tree), file).not.toBe(before);
      tree.write({ [file]: FILES[file] });
      expect(contentOf(tree), file).toBe(before);
    }
  });

  it('change when a specifier comes to name another file, and with what lies far away', () => {
    const tree = temporaryTree({ ...FILES, 'helpers.js': "export * from './deep.js';", 'deep.js': "export * from './deeper.js';", 'deeper.js': RELEASES });
    const before = contentOf(tree);
    tree.write({ 'deeper.js': KEEPS });
    expect(contentOf(tree)).not.toBe(before);
    tree.write({ 'deeper.js': RELEASES });
    expect(contentOf(tree)).toBe(before);
    tree.remove('deep.js');
    expect(contentOf(tree)).not.toBe(before);
  });

  it('keep what else they say, and are left alone where each file stands alone', () => {
    const tree = temporaryTree(FILES);
    const pairs = [{ acquire: 'borrow', release: 'giveBack', releaseOn: 'pool' }] as const;
    expect(plugin.cacheableSettings({ pairs, project: { root: '.' } }, tree.directory)).toEqual({ pairs, project: { root: '.', content: expect.stringMatching(/^[0-9a-f]{64}$/) } });
    expect(plugin.cacheableSettings({ pairs, project: false }, tree.directory)).toEqual({ pairs, project: false });
    expect(plugin.cacheableSettings({}, tree.at('missing'))).toEqual({});
  });

  it('are refused like any others when they are malformed', () => {
    expect(() => plugin.cacheableSettings({ pairs: 'borrow' } as never, '/')).toThrow('pairs must be an array');
  });
});
