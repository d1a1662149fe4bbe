/**
 * What the rules offer for the fixtures, executed before and after against real pools: PostgreSQL from a package for pg and the libraries over it, mysql2 against its own server, generic-pool (and a
 * stand-in for the sessions of MongoDB, of which there is no server to be had). Each effect is made to fail in turn. Where the code did not leak, it gives the same, fails in the same way, and does the same in the same order; after the edit it leaks nowhere, and gives nothing back twice.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { inspect } from 'node:util';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import plugin from '../../rules/index.ts';
import { stripAnnotations } from '../fixture-runner/annotate.ts';
import { findFixtures, fixturesFolder } from '../fixture-runner/find-fixtures.ts';
import { fixFixture, offeredEdits, showsFixes, type OfferedEdit } from '../fixture-runner/fix-fixture.ts';
import { parseFixture } from '../fixture-runner/parse-fixture.ts';
import { callsOf, declareGlobals, type CalledFunction } from './given-values.ts';
import { forgetFixtures, isRunnable, loadFixture } from './load-fixture.ts';
import { startMysqlServer, type MysqlServer } from './mysql-server.ts';
import { pools as mysqlPools, server as mysql } from './stand-ins/mysql2-promise.ts';
import { server as postgres, toEnd } from './stand-ins/pg.ts';
import { startPostgres, whyNoPostgres, type PostgresServer } from './postgres-server.ts';
import { runFunction, type Outcome } from './run-function.ts';
import { SECOND_RELEASE, world } from './world.ts';

const TABLES = `
  create table orders (id int, name text, price int, open boolean);
  create table carts (id int);
  create table events (text text);
  create table lines (id int);
  create table totals (count int);
  create function set_time() returns void language sql as 'select';
`;
const ROWS = `
  delete from orders;
  delete from carts;
  delete from events;
  delete from lines;
  delete from totals;
  insert into orders values (1, 'tea', 3, true), (2, 'milk', 2, false);
`;

let admin: pg.Client;
let database: PostgresServer;
let mysqlServer: MysqlServer;

beforeAll(async () => {
  // What the fixtures say.
  for (const level of ['error', 'warn', 'log'] as const) vi.spyOn(console, level).mockImplementation(() => undefined);
  if (whyNoPostgres() !== undefined) return;
  [database, mysqlServer] = await Promise.all([startPostgres(), startMysqlServer()]);
  postgres.port = database.at.port;
  mysql.port = mysqlServer.port;
  admin = new pg.Client(database.at);
  admin.on('error', () => undefined);
  await admin.connect();
  await admin.query(TABLES);
}, 60_000);

afterAll(async () => {
  if (whyNoPostgres() !== undefined) return;
  forgetFixtures();
  await admin.end();
  await Promise.all([...[...toEnd].map((end) => end()), ...[...mysqlPools].map((pool) => pool.end())]);
  await Promise.all([database.stop(), mysqlServer.close()]);
  // pg-promise says something about connections that were taken from it here.
  vi.restoreAllMocks();
});

/** Fills the tables, where the last run may have changed them. */
async function fill(): Promise<void> {
  if (isFilled && !world.log.some((entry) => /\b(?:insert|update|delete)\b/i.test(entry))) return;
  await admin.query(ROWS);
  isFilled = true;
}

let isFilled = false;

interface Edited extends CalledFunction {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly edit: OfferedEdit;
}

/** Runs with no effect that fails, with each alone, and with each and one of the two that come behind it then. */
async function eachFailure(run: (failing: readonly string[]) => Promise<readonly string[]>): Promise<void> {
  const all = await run([]);
  for (const [index, first] of all.entries()) {
    const behind = (await run([first])).slice(index + 1, index + 3);
    for (const second of behind) await run([first, second]);
  }
}

/**
 * What a suggestion of a callback of the library does in another way, as docs/fixes.md says: a transaction that cannot begin may be caught by the `catch` clause that is now around it, the error of a
 * rollback takes the place of no other one (that of one behind a commit that failed neither), and with Knex one hears of a BEGIN or COMMIT that fails.
 */
function differsByDesign(edit: OfferedEdit, { value, log }: Outcome): boolean {
  if (!isLooseCallback(edit)) return false;
  // Sequelize sends none where the transaction has ended.
  return value.startsWith('Transaction cannot be rolled back because') || log.some((entry) => /^(?:connect|acquire|begin|start transaction|set transaction|commit|rollback)\b.* ?fails$/i.test(entry));
}

/** Whether somebody has to look at it, since not all that it does comes in the same order. */
function isLooseCallback({ kind, title }: OfferedEdit): boolean {
  return kind === 'suggestion' && title?.startsWith('Use `') === true;
}

/** What has to be the same. */
function comparable({ end, value, log }: Outcome, edit: OfferedEdit): object {
  return { end, value, log: isLooseCallback(edit) ? [...log].sort() : log };
}

const titleOf = ({ path, name, edit }: Edited): string => `${path}: ${name}, ${edit.kind}`;

const leaking = new Set<string>();

// The stand-ins are pools: what opens a connection of its own is not seen.
const edits = findFixtures().filter((path) => path !== 'fixes/own-connections.ts' && (showsFixes(path) || /^(?:drivers|prefer)\//.test(path)) && path.endsWith('.ts')).flatMap((path): Edited[] => {
  const before = stripAnnotations(readFileSync(join(fixturesFolder, path), 'utf8'));
  if (!isRunnable(before)) return [];
  const calls = callsOf(before);
  const fixture = parseFixture(path, before);
  const offered = offeredEdits(fixture, plugin);
  let all: string | undefined;
  return offered.flatMap((edit) => {
    // The methods of a class that keeps a connection do one thing only together.
    if (edit.message.ruleId === 'connection-leaks/no-stored-connection') return [];
    const called = calls.find(({ lines }) => lines[0] <= edit.message.line && edit.message.line <= lines[1]);
    if (called === undefined) return [];
    // Where two acquisitions of a function leak, one edit is half the way.
    const isOne = offered.every(({ message: { line } }) => line === edit.message.line || line < called.lines[0] || line > called.lines[1]);
    return [{ path, before, after: isOne ? edit.text : (all ??= fixFixture(fixture, plugin).suggested), edit, ...called }];
  });
});

describe.skipIf(whyNoPostgres() !== undefined)('the edits of the fixtures, against real pools', () => {
  it('are many', () => {
    expect(edits.length).toBeGreaterThan(160);
  });

  it.each(edits.map((edited) => [titleOf(edited), edited] as const))('%s', async (title, { before, after, edit, of, given }) => {
    let effects = 0;
    declareGlobals(before);
    const isAboutReleases = /no-(?:double-release|use-after-release)$/.test(edit.message.ruleId ?? '');
    const [old, now] = await Promise.all([loadFixture(before), loadFixture(after)]);
    // What is made of the values only now has to be open as well.
    for (const { make } of given) make();
    await Promise.all(world.opening);
    for (const { make } of given) {
      for (const stopsEarly of /function\*/.test(before) ? [false, true] : [false]) {
        await eachFailure(async (failing) => {
          await fill();
          const first = await runFunction(of(old), make(), failing, stopsEarly);
          await fill();
          const second = await runFunction(of(now), make(), failing, stopsEarly);
          if (first.leaked > 0) leaking.add(title);
          effects += first.effects.length;
          const context = `failing: ${failing.join(', ')}; given ${inspect(make(), { depth: 0 })}; before: ${first.log.join('; ')}; after: ${second.log.join('; ')}`;
          // What takes a second release away leaves the leaks that there are beside it.
          if (isAboutReleases) expect(second.leaked, context).toBeLessThanOrEqual(first.leaked);
          else expect(second.leaked, context).toBe(0);
          // What gives back twice has a defect of its own, which is what the edit takes away.
          if (first.log.includes(SECOND_RELEASE)) expect(second.log, context).not.toContain(SECOND_RELEASE);
          else if (first.leaked === 0 && !differsByDesign(edit, first)) expect(comparable(second, edit), context).toEqual(comparable(first, edit));
          return first.effects;
        });
      }
    }
    expect(effects).toBeGreaterThan(0);
  });

  it('leaked before everywhere', () => {
    // What throws in this one cannot be made to: `JSON.stringify({ id })`.
    const reported = new Set(edits.flatMap((edited) => (edited.edit.message.ruleId === 'connection-leaks/require-release' ? [titleOf(edited)] : [])));
    expect([...reported].filter((title) => !leaking.has(title))).toEqual(['fixes/try-finally.ts: tryWithCatchBeginsTooLateBad, fix', 'fixes/try-finally.ts: tryWithCatchBeginsTooLateBad, suggestion']);
  });
});
