/** What is kept of a file, and when it is read and parsed again. */
import { utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Project } from '../../src/project/project.ts';
import { restrictFiles } from '../../src/project/restrict-files.ts';
import { SourceFile, SourceFiles, type SourceParser } from '../../src/project/source-files.ts';
import { nodeFiles } from '../../src/rule/node-files.ts';
import { createSourceParser } from '../../src/rule/source-parser.ts';
import { parserOf } from './parsers.ts';
import { temporaryTree, type TemporaryTree } from './temporary-tree.ts';

interface Watched {
  readonly sources: SourceFiles;
  /** What was read and parsed, in order. */
  readonly log: string[];
  time: number;
}

function watch(tree: TemporaryTree, parser: SourceParser = createSourceParser({ parser: parserOf('@typescript-eslint/parser') })): Watched {
  const files = nodeFiles()!;
  const watched: Watched = {
    log: [],
    time: Date.now() + 60_000,
    sources: new SourceFiles({
      files: restrictFiles({ ...files, read: (path) => (watched.log.push(`read ${tree.below(path)!}`), files.read(path)) }, tree.directory),
      parser: (path, text) => {
        watched.log.push(`parse ${tree.below(path)!}`);
        return parser(path, text);
      },
      now: () => watched.time,
    }),
  };
  return watched;
}

describe('a file', () => {
  it('is read and parsed once as long as it does not change', () => {
    const tree = temporaryTree({ 'db.ts': 'export const a = 1;' });
    const { sources, log } = watch(tree);
    const file = sources.fileAt(tree.at('db.ts'));
    expect(file).toBeInstanceOf(SourceFile);
    expect(sources.textAt(tree.at('db.ts'))?.text).toBe('export const a = 1;');
    expect(sources.fileAt(tree.at('db.ts'))).toBe(file);
    expect(log).toEqual(['read db.ts', 'parse db.ts']);
  });

  it('is read again when its time changed, and parsed again only when its text did', () => {
    const tree = temporaryTree({ 'db.ts': 'export const a = 1;' });
    const { sources, log } = watch(tree);
    const file = sources.fileAt(tree.at('db.ts'));
    utimesSync(tree.at('db.ts'), new Date(), new Date(Date.now() - 5000));
    expect(sources.fileAt(tree.at('db.ts'))).toBe(file);
    tree.write({ 'db.ts': 'export const b = 2;' });
    const changed = sources.fileAt(tree.at('db.ts')) as SourceFile;
    expect(changed).not.toBe(file);
    expect(changed.text).toBe('export const b = 2;');
    expect(log).toEqual(['read db.ts', 'parse db.ts', 'read db.ts', 'read db.ts', 'parse db.ts']);
  });

  it('that was written a moment ago is read again, since its time may not tell', () => {
    const tree = temporaryTree({ 'db.ts': 'export const a = 1;' });
    const watched = watch(tree);
    const now = new Date();
    utimesSync(tree.at('db.ts'), now, now);
    watched.time = now.getTime() + 10;
    watched.sources.fileAt(tree.at('db.ts'));
    tree.write({ 'db.ts': 'export const b = 2;' });
    utimesSync(tree.at('db.ts'), now, now);
    expect((watched.sources.fileAt(tree.at('db.ts')) as SourceFile).text).toBe('export const b = 2;');
  });

  it('that is missing, removed, a directory, too large or broken has a named silence', () => {
    const tree = temporaryTree({ 'gone.ts': '1;', 'broken.ts': 'export const = ;', 'large.ts': `export const text = '${'x'.repeat(600_000)}';`, 'folder/a.ts': '' });
    const { sources, log } = watch(tree);
    expect(sources.fileAt(tree.at('gone.ts'))).toBeInstanceOf(SourceFile);
    tree.remove('gone.ts');
    expect(['gone.ts', 'missing.ts', 'folder', 'large.ts', 'broken.ts', 'broken.ts'].map((path) => sources.fileAt(tree.at(path)))).toEqual([
      'not found', 'not found', 'not found', 'too large', 'cannot be parsed', 'cannot be parsed',
    ]);
    expect(log.filter((line) => line === 'parse broken.ts')).toHaveLength(1);
    expect(sources.textAt(tree.at('missing.ts'))).toBeUndefined();
  });

  it('that was not asked for lately is forgotten when much is kept', () => {
    const text = `export const text = '${'x'.repeat(250_000)}';`;
    const tree = temporaryTree({ 'a.ts': text, 'b.ts': text, 'c.ts': text, 'd.ts': text });
    const { sources, log } = watch(tree);
    for (const name of ['a.ts', 'b.ts', 'c.ts', 'a.ts', 'd.ts', 'a.ts', 'b.ts']) sources.fileAt(tree.at(name));
    expect(log.filter((line) => line.startsWith('parse'))).toEqual(['parse a.ts', 'parse b.ts', 'parse c.ts', 'parse d.ts', 'parse b.ts']);
  });

  it('is the same within one analysis, even when it changes meanwhile', () => {
    const tree = temporaryTree({ 'db.ts': 'export const a = 1;' });
    const { sources } = watch(tree);
    const resolver = { resolve: () => undefined, turn: () => 0 };
    const project = new Project({ resolver, sources });
    const file = project.fileAt(tree.at('db.ts'));
    tree.write({ 'db.ts': 'export const changed = 2;' });
    expect(project.fileAt(tree.at('db.ts'))).toBe(file);
    expect(project.fileAt(tree.at('missing.ts'))).toBe('not found');
    expect([...project.silences].map(([path, silence]) => [tree.below(path), silence])).toEqual([['missing.ts', 'not found']]);
    expect(new Project({ resolver, sources }).fileAt(tree.at('db.ts'))).not.toBe(file);
  });
});

const SOURCES = {
  'module.ts': 'export class Db { constructor(private readonly pool: Pool) {} }',
  'element.tsx': 'export const view = <p>{1}</p>;',
  'module.mjs': 'export const a = await b;',
  'common.cjs': "const a = require('pg'); with ({}) {} return;",
  'common.js': "const a = require('pg'); module.exports = a; return;",
  'element.js': 'export const view = <p>{1}</p>;',
  'module.js': "import pg from 'pg'; export default pg;",
  'types.d.ts': 'export declare const pool: Pool;',
};

describe('the parser', () => {
  /** What each file is parsed as: the names in its outermost scopes, or the silence. */
  function parseAll(choice: Parameters<typeof createSourceParser>[0]): Record<string, unknown> {
    // Below this repository, so that what is not configured is found in its node_modules.
    const parser = createSourceParser(choice);
    return Object.fromEntries(
      Object.entries(SOURCES).map(([name, text]) => {
        const parsed = parser(`${import.meta.dirname}/${name}`, text);
        if (typeof parsed === 'string') return [name, parsed];
        const scopes = parsed.scopeManager.scopes.filter((scope) => scope.type !== 'global' || scope.childScopes.every((child) => child.type === 'function' && child.block === parsed.program));
        return [name, scopes.length > 0];
      }),
    );
  }
  const all = Object.fromEntries(Object.keys(SOURCES).map((name) => [name, true]));

  it('is the configured one, without its program', () => {
    const parser = parserOf('@typescript-eslint/parser');
    const choice = { parser, parserOptions: { project: './missing.json', projectService: true, tsconfigRootDir: '/missing' }, sourceType: 'module', ecmaVersion: 2026 };
    expect(parseAll(choice)).toEqual(all);
  });

  it('is the project\'s parser for TypeScript where the configured one fails; scopes come from ESLint\'s library', () => {
    expect(parseAll({ parser: parserOf('espree'), sourceType: 'module', ecmaVersion: 2026, parserOptions: {} })).toEqual(all);
    expect(parseAll({ parser: parserOf('espree'), sourceType: 'commonjs', ecmaVersion: 'latest' })).toEqual(all);
  });

  it('is the project\'s parser for TypeScript where the configured one cannot be called, or is not known', () => {
    const uncallable = { parse: () => { throw new Error('not in this linter'); } };
    expect(parseAll({ parser: uncallable })).toEqual(all);
    expect(parseAll({})).toEqual(all);
  });

  it('may be missing', () => {
    const parser = createSourceParser({});
    expect(parser('/nowhere/main.ts', '')).toBe('no parser');
    expect(createSourceParser({ parser: parserOf('espree') })('/nowhere/main.ts', 'let a: string')).toBe('cannot be parsed');
    expect(createSourceParser({ parser: { parseForESLint: () => ({ ast: { type: 'Program' } }) } })('/nowhere/main.ts', '')).not.toBe('no parser');
  });
});
