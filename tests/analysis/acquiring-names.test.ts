/** What a text calls things that acquire, and what it may export: read from the text alone. */
import { expect, it } from 'vitest';
import { aliasesIn, withAliasesOf } from '../../src/analysis/acquiring-names.ts';
import { mayExportName } from '../../src/syntax/may-export-name.ts';

it.each([
  ["import { connect as open } from './db';", ['open']],
  ['const open = pool.connect.bind(pool);', ['open']],
  ['const open = promisify(pool.connect).bind(pool);', ['open']],
  ['const open = isTest ? test.connect : pool.connect;', ['open']],
  ['const { connect: open } = pool; const start = open;', ['open', 'start']],
  ['module.exports = { open: pool.connect };', ['open']],
  ['export default connect;', ['default']],
  ['class Own extends pg.connect {}', ['Own']],
  ['const open = pool.query;', []],
])('%s', (text, names) => {
  expect([...withAliasesOf(new Set(['connect']), [aliasesIn(text)])].sort()).toEqual(['connect', ...names].sort());
});

it('a module exports no name that it does not have, unless it hands on what others export', () => {
  expect(['export const pool = 1;', "export * from './a';", "export type * from './a';", "module.exports = require('./a');", 'export = pool;', 'export const other = 1;']
    .map((text) => mayExportName(text, 'db'))).toEqual([false, true, true, true, true, false]);
  expect(mayExportName('export const db = 1;', 'db')).toBe(true);
});
