/**
 * What the rules offer for the fixtures, executed before and after against real pools: PostgreSQL from a package, and mysql2 against its own server. Each effect is
 * made to fail in turn. Where the code did not leak, it gives the same, fails in the same way, and does the same in the same order; after the edit it leaks nowhere, and gives nothing back twice.
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
import { callsOf, declareGlobals, type Given } from './given-values.ts';
import { forgetFixtures, isRunnable, loadFixture } from './load-fixture.ts';
import { startMysqlServer, type MysqlServer } from './mysql-server.ts';
import { pools as mysqlPools, server as mysql } from './mysql2-promise.ts';
import { pools, server as postgres } from './pg.ts';
import { startPostgres, whyNoPostgres, type PostgresServer } from './postgres-server.ts';
import { runFunction } from './run-function.ts';
import { SECOND_RELEASE } from './world.ts';

const TABLES = `
  create table orders (id int, name text, price int, open boolean);
  create table carts (id int);
  create table events (text text);
`;
const ROWS = `
  delete from orders;
  delete from carts;
  delete from events;
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
  vi.restoreAllMocks();
  forgetFixtures();
  await admin.end();
  await Promise.all([...pools, ...mysqlPools].map((pool) => pool.end()));
  await Promise.all([database.stop(), mysqlServer.close()]);
});

interface Edited {
  readonly path: string;
  readonly before: string;
  readonly after: string;
  readonly edit: OfferedEdit;
  /** The function that is edited. */
  readonly name: string;
  readonly given: readonly Given[];
}

/** The effects that fail in one run: none, each alone, and each with one of the two behind it. */
function* failures(count: () => number): Generator<readonly number[]> {
  yield [];
  for (let first = 0; first < count(); first++) {
    yield [first];
    for (let second = first + 1; second < Math.min(count(), first + 3); second++) yield [first, second];
  }
}

const leaking = new Set<string>();

function titleOf({ path, name, edit }: Edited): string {
  return `${path}: ${name}, ${edit.kind}`;
}

const edits = findFixtures().filter((path) => showsFixes(path) && path.endsWith('.ts')).flatMap((path): Edited[] => {
  const before = stripAnnotations(readFileSync(join(fixturesFolder, path), 'utf8'));
  if (!isRunnable(before)) return [];
  const calls = callsOf(before);
  const fixture = parseFixture(path, before);
  const offered = offeredEdits(fixture, plugin);
  const all = fixFixture(fixture, plugin).suggested;
  return offered.flatMap((edit) => {
    const called = calls.find(({ lines }) => lines[0] <= edit.message.line && edit.message.line <= lines[1]);
    if (called === undefined) return [];
    // Where two acquisitions of a function leak, one edit is half the way.
    const isOne = offered.every(({ message: { line } }) => line === edit.message.line || line < called.lines[0] || line > called.lines[1]);
    return [{ path, before, after: isOne ? edit.text : all, edit, ...called }];
  });
});

describe.skipIf(whyNoPostgres() !== undefined)('the edits of the fixtures, against real pools', () => {
  it('are many', () => {
    expect(edits.length).toBeGreaterThan(40);
  });

  it.each(edits.map((edited) => [titleOf(edited), edited] as const))('%s', async (title, { before, after, name, given }) => {
    declareGlobals(before);
    const [old, now] = await Promise.all([loadFixture(before), loadFixture(after)]);
    for (const { make } of given) {
      for (const stopsEarly of /function\*/.test(before) ? [false, true] : [false]) {
        let effects = 0;
        for (const failing of failures(() => effects)) {
          await admin.query(ROWS);
          const first = await runFunction(old[name] as () => unknown, make(), failing, stopsEarly);
          await admin.query(ROWS);
          const second = await runFunction(now[name] as () => unknown, make(), failing, stopsEarly);
          effects = Math.max(effects, first.effects);
          if (first.leaked > 0) leaking.add(title);
          const context = `failing: ${failing.join(', ')}; given ${inspect(make(), { depth: 0 })}; before: ${first.log.join('; ')}; after: ${second.log.join('; ')}`;
          expect(second.leaked, context).toBe(0);
          // What gives back twice has a defect of its own, which is what the edit takes away.
          if (first.log.includes(SECOND_RELEASE)) expect(second.log, context).not.toContain(SECOND_RELEASE);
          else if (first.leaked === 0) expect({ end: second.end, value: second.value, log: second.log }, context).toEqual({ end: first.end, value: first.value, log: first.log });
        }
      }
    }
  });

  it('leaked before nearly everywhere', () => {
    // What throws in the others cannot be made to: `JSON.stringify({ id })`.
    const reported = edits.filter(({ edit }) => edit.message.ruleId === 'connection-leaks/require-release');
    // Several edits of one function have one title.
    expect(leaking.size).toBeGreaterThan(new Set(reported.map(titleOf)).size * 0.9);
  });
});
