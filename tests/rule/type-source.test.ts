/** Type information: what a checker says of receivers of which nothing else is known, through ESLint and the parser's services. */
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';

const FILE = `${import.meta.dirname}/typed.ts`;

/** A program of one file, whose packages are those of this repository. */
function programOf(text: string): ts.Program {
  const options: ts.CompilerOptions = { module: ts.ModuleKind.NodeNext, target: ts.ScriptTarget.ES2022, strict: true, skipLibCheck: true, noEmit: true, types: [] };
  const host = ts.createCompilerHost(options, true);
  const { fileExists, readFile, getSourceFile } = host;
  host.fileExists = (name) => name === FILE || fileExists.call(host, name);
  host.readFile = (name) => (name === FILE ? text : readFile.call(host, name));
  host.getSourceFile = (name, version, ...rest) => (name === FILE ? ts.createSourceFile(name, text, version, true) : getSourceFile.call(host, name, version, ...rest));
  return ts.createProgram([FILE], options, host);
}

/** The messages about `text`, linted with type information or without. */
function lint(text: string, withTypes: boolean): string[] {
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser: parser as Linter.Parser, parserOptions: withTypes ? { programs: [programOf(text)] } : {} },
    plugins: { 'connection-leaks': plugin as never },
    rules: { 'connection-leaks/require-release': 'error' as const },
    settings: { 'connection-leaks': { project: false } },
  };
  return new Linter({ configType: 'flat', cwd: import.meta.dirname }).verify(text, [config], { filename: FILE }).map((message) => message.ruleId ?? message.message);
}

const LEAK = 'require-release';
const IMPORT = "type Pg = typeof import('pg'); declare const registry: { get(): { db: InstanceType<Pg['Pool']> }[] };";

describe('a receiver that only the checker knows', () => {
  it.each([
    ['an element of an array', `${IMPORT} export async function f() { const c = await registry.get()[0]!.db.connect(); await c.query('x'); }`, [LEAK]],
    ['a type parameter', "export async function f<T extends { db: import('pg').Pool }>(list: T[]) { for (const one of list) { const c = await one.db.connect(); await c.query('x'); } }", [LEAK]],
    ['a subclass', "import pg from 'pg'; class My extends pg.Pool {} export async function f(map: Map<string, My>) { const c = await map.get('a')!.connect(); await c.query('x'); }", [LEAK]],
    ['another library', "import mysql from 'mysql2/promise'; export async function f(list: mysql.Pool[]) { const c = await list[0]!.getConnection(); await c.query('x'); }", [LEAK]],
    ['a release', "import pg from 'pg'; export async function f(map: Map<string, pg.Pool>) { const c = await map.get('a')!.connect(); try { await c.query('x'); } finally { c.release(); } }", []],
    ['something else', "import net from 'node:net'; export async function f(list: net.Socket[]) { list[0]!.connect(1); }", []],
    ['any', "import 'pg'; export async function f(list: any) { const c = await list[0].connect(); await c.query('x'); }", []],
    ['a class of that name', "import 'pg'; class Pool { async connect() { return { query() {} }; } } export async function f(list: Pool[]) { const c = await list[0]!.connect(); c.query(); }", []],
  ])('%s', (_, text, expected) => {
    expect(lint(text, true)).toEqual(expected.map((rule) => `connection-leaks/${rule}`));
    expect(lint(text, false)).toEqual([]);
  });
});
