/** The option `dedicated` of no-stored-connection, by ESLint. */
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { expect, it } from 'vitest';
import plugin from '../../rules/index.ts';

const kept = (then: string): string => `import { Pool } from 'pg';
const pool = new Pool();
export class Jobs {
  async start() {
    this.client = await pool.connect();
    ${then}
  }
}`;

function report(code: string, option?: object): string[] {
  const config = [{ files: ['**/*.ts'], languageOptions: { parser }, plugins: { 'connection-leaks': plugin }, rules: { 'connection-leaks/no-stored-connection': ['error', ...(option ? [option] : [])] } }];
  return new Linter({ configType: 'flat' }).verify(code, config as unknown as Linter.Config[], { filename: 'src/jobs.ts' }).map(({ ruleId, message }) => ruleId ?? message);
}

const RULE = ['connection-leaks/no-stored-connection'];

it.each([
  ['LISTEN', "await this.client.query('LISTEN jobs');"],
  ['a name in a template', 'await this.client.query(`LISTEN ${this.channel}`);'],
  ['an advisory lock', "await this.client.query('SELECT pg_try_advisory_lock($1)', [1]);"],
  ['notifications', "this.client.on('notification', () => {});"],
])('allows one of the pool for %s where it is asked to', (_name, then) => {
  expect(report(kept(then))).toEqual(RULE);
  expect(report(kept(then), { dedicated: 'client' })).toEqual(RULE);
  expect(report(kept(then), { dedicated: 'pooled' })).toEqual([]);
});

it.each([
  ['a query', "await this.client.query('SELECT 1');"],
  ["a transaction's lock", "await this.client.query('SELECT pg_advisory_xact_lock(1)');"],
  ['NOTIFY', "await this.client.query('NOTIFY jobs');"],
])('does not allow it for %s', (_name, then) => {
  expect(report(kept(then), { dedicated: 'pooled' })).toEqual(RULE);
});
