/** What the rules see of other files: with real files, through ESLint. */
import { createRequire } from 'node:module';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { parserOf } from '../project/parsers.ts';
import { temporaryTree, type TemporaryTree } from '../project/temporary-tree.ts';

const require = createRequire(import.meta.url);
// Without a release: by its use alone the pool would be known.
const LEAK = 'export async function run() { const c = await pool.connect(); await c.query("x"); }';
const MAIN = `import { pool } from './db.js'; ${LEAK}`;
const POOL = "import { Pool } from 'pg'; export const pool = new Pool();";

interface Lint {
  readonly settings?: object;
  readonly parser?: unknown;
  readonly sourceType?: 'module' | 'commonjs';
  readonly Linter?: typeof Linter;
  readonly text?: string;
}

/** The rules that `file` of the tree breaks. */
function lint(tree: TemporaryTree, file: string, { settings, parser = parserOf('@typescript-eslint/parser'), sourceType = 'module', Linter: Chosen = Linter, text = MAIN }: Lint = {}): string[] {
  const linter = new Chosen({ configType: 'flat', cwd: tree.directory });
  const config = {
    files: ['**/*.{js,ts}', '<input>'],
    languageOptions: { parser: parser as Linter.Parser, sourceType },
    plugins: { 'connection-leaks': plugin as never },
    rules: { 'connection-leaks/require-release': 'error' as const },
    settings: settings === undefined ? {} : { 'connection-leaks': settings },
  };
  return linter.verify(text, [config], { filename: tree.at(file) }).map((message) => message.ruleId ?? message.message);
}

describe('an imported pool', () => {
  it('is known, and what changes in its file is seen', () => {
    const tree = temporaryTree({ 'package.json': {}, 'main.ts': MAIN, 'db.ts': POOL });
    expect(lint(tree, 'main.ts')).toEqual(['connection-leaks/require-release']);
    tree.write({ 'db.ts': 'export const pool = somethingElse();' });
    expect(lint(tree, 'main.ts')).toEqual([]);
    tree.write({ 'db.ts': POOL });
    expect(lint(tree, 'main.ts')).toEqual(['connection-leaks/require-release']);
  });

  it.each([
    ['is missing', {}],
    ['is broken', { 'db.ts': `${POOL} export const` }],
    ['is too large', { 'db.ts': `${POOL}${' '.repeat(600_000)}` }],
    ['imports itself', { 'db.ts': "export { pool } from './db.js';" }],
    ['is a directory', { 'db.ts/other.ts': POOL }],
  ])('is not known when its file %s', (_name, files) => {
    expect(lint(temporaryTree({ 'package.json': {}, 'main.ts': MAIN, ...files }), 'main.ts')).toEqual([]);
  });

  it('is not known where the file lies in no project, does not exist, or the text is from a pipe', () => {
    const tree = temporaryTree({ 'package.json': {}, 'db.ts': POOL });
    expect(lint(tree, 'not-saved.ts')).toEqual([]);
    expect(lint(tree, '<input>')).toEqual([]);
  });

  it('is known in plain JavaScript, as ESLint itself parses it', () => {
    const tree = temporaryTree({ 'package.json': {}, 'main.js': MAIN, 'db.js': POOL });
    expect(lint(tree, 'main.js', { parser: parserOf('espree') })).toEqual(['connection-leaks/require-release']);
    const commonjs = temporaryTree({ 'package.json': {}, 'main.js': '', 'db.js': "const { Pool } = require('pg'); module.exports = { pool: new Pool() };" });
    const text = `const { pool } = require('./db'); ${LEAK.replace('export ', '')} run();`;
    expect(lint(commonjs, 'main.js', { parser: parserOf('espree'), sourceType: 'commonjs', text })).toEqual(['connection-leaks/require-release']);
  });

  it.each(['eslint-9', 'eslint-8'])('is known under %s', (name) => {
    const older = require(name) as { Linter: typeof Linter };
    expect(lint(temporaryTree({ 'package.json': {}, 'main.ts': MAIN, 'db.ts': POOL }), 'main.ts', { Linter: older.Linter })).toEqual(['connection-leaks/require-release']);
  });
});

describe('the setting `project`', () => {
  it('switches other files off', () => {
    const tree = temporaryTree({ 'package.json': {}, 'main.ts': MAIN, 'db.ts': POOL });
    expect(lint(tree, 'main.ts', { settings: { project: false } })).toEqual([]);
    expect(lint(tree, 'main.ts', { settings: { project: {} } })).toEqual(['connection-leaks/require-release']);
  });

  it('names the root, which decides what may be read', () => {
    const tree = temporaryTree({ 'api/package.json': {}, 'api/main.ts': '', 'shared/db.ts': POOL });
    const text = MAIN.replace('./db.js', '../shared/db.js');
    expect(lint(tree, 'api/main.ts', { text })).toEqual([]);
    expect(lint(tree, 'api/main.ts', { text, settings: { project: { root: '.' } } })).toEqual(['connection-leaks/require-release']);
    expect(lint(tree, 'api/main.ts', { text, settings: { project: { root: tree.directory } } })).toEqual(['connection-leaks/require-release']);
    expect(lint(tree, 'api/main.ts', { text, settings: { project: { root: 'shared' } } })).toEqual([]);
    expect(lint(tree, 'api/main.ts', { text, settings: { project: { root: 'missing' } } })).toEqual([]);
  });
});
