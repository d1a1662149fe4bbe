/**
 * Small programs whose truth is known from the language and the driver facts.
 */
import { describe, expect, it } from 'vitest';
import { mysqlMain, pgMain, truthOf } from './truth-of.ts';

const nothing = { leaks: [], doubleReleases: [], usesAfterRelease: [], doubtful: [] };

async function expectTruth(source: string, expected: Partial<Awaited<ReturnType<typeof truthOf>>>): Promise<void> {
  const truth = await truthOf(source);
  expect(truth).toMatchObject({ ...nothing, ...expected });
  expect(truth.isExhaustive).toBe(true);
}

describe('leaks', () => {
  it('finds the throw between acquire and release', () =>
    expectTruth(pgMain('const c = await pool.connect();\nawait c.query("a");\nc.release();'), { leaks: ['3:pool.connect'] }));
  it('sees nothing wrong without a call in between', () =>
    expectTruth(pgMain('const c = await pool.connect();\nconsole.log(c);\nc.release();'), {}));
  it('a rejected acquisition acquired nothing', () =>
    expectTruth(pgMain('let c;\ntry { c = await pool.connect(); await work(1); } finally { c?.release(); }'), {}));
  it('release in finally holds for return, throw, break and continue', () =>
    expectTruth(pgMain('for (const x of items(1)) {\nconst c = await pool.connect();\ntry { if (cond(2)) break; if (cond(3)) continue; if (cond(4)) return; step(5); } finally { c.release(); }\n}'), {}));
  it('a throw in finally before the release leaks', () =>
    expectTruth(pgMain('const c = await pool.connect();\ntry { } finally { await work(1); c.release(); }'), { leaks: ['3:pool.connect'] }));
  it('a return in finally overrides the throw, so that the release after it is reached', () =>
    expectTruth(pgMain('const c = await pool.connect();\nouter: { try { step(1); } finally { break outer; } }\nc.release();'), {}));
  it('a return in finally leaves before the release', () =>
    expectTruth(pgMain('const c = await pool.connect();\ntry { step(1); } finally { return; }\nc.release();'), { leaks: ['3:pool.connect'] }));
  it('overwriting loses the first handle of two turns', () =>
    expectTruth(pgMain('let c;\nwhile (cond(1)) { c = await pool.connect(); }\nc?.release();'), { leaks: ['4:pool.connect'] }));
  it('an acquisition that nobody awaits did acquire', () => expectTruth(pgMain('pool.connect();'), { leaks: ['3:pool.connect'] }));
  it('a pending acquisition is lost by a throw before its await', () =>
    expectTruth(pgMain('const p = pool.connect();\nawait work(1);\nconst c = await p;\nc.release();'), { leaks: ['3:pool.connect'] }));
  it('process.exit ends the execution without a leak', () =>
    expectTruth(pgMain('const c = await pool.connect();\ntry { await work(1); } catch { process.exit(1); }\nc.release();'), {}));
  it('code after process.exit is not reached, nor is finally', () =>
    expectTruth(pgMain('const c = await pool.connect();\nc.release();\ntry { process.exit(1); } finally { c.release(); }\nc.release();'), {}));
  it('an infinite loop is no leak', () => expectTruth(pgMain('const c = await pool.connect();\nfor (;;) { console.log(1); }'), {}));
  it('own or borrowed, released under the same test', () =>
    expectTruth(pgMain('const c = passed ?? await pool.connect();\ntry { await c.query("a"); } finally { if (!passed) c.release(); }', 'passed'), {}));
  it('own or borrowed, released under the wrong test', () =>
    expectTruth(pgMain('const c = passed ?? await pool.connect();\ntry { await c.query("a"); } finally { if (passed) c.release(); }', 'passed'), {
      leaks: ['3:pool.connect'],
    }));
  it('an options object with or without a client', () =>
    expectTruth(pgMain('const { client = await pool.connect() } = opts;\ntry { step(1); } finally { if (!opts.client) client.release(); }', 'opts'), {}));
  it('a pg Client is held between connect and end', () =>
    expectTruth(`import { Client } from 'pg';\nexport async function main() {\nconst c = new Client();\nawait work(1);\nawait c.connect();\nawait work(2);\nawait c.end();\n}\n`, {
      leaks: ['5:c.connect'],
    }));
  it('a generic pair needs both halves in the file', async () => {
    const half = `export function main() { const c = db.getconn(); step(1); }\n`;
    await expectTruth(half, { acquisitions: [] });
    await expectTruth(`${half}export function other(c) { db.putconn(c); }\n`, { leaks: ['1:db.getconn'] });
  });
  it('a method with an injected pool', () =>
    expectTruth(`import type { Pool } from 'pg';\nclass A { constructor(private readonly pool: Pool) {}\nasync run() { const c = await this.pool.connect(); step(1); c.release(); } }\n`, {
      leaks: ['3:this.pool.connect'],
    }));
});

describe('ownership', () => {
  it.each([
    ['returned', 'return c;'],
    ['returned in an object', 'return { deep: { c } };'],
    ['captured by a returned closure', 'return () => { c.release(); };'],
    ['captured by a method of a returned object', 'return { close() { c.release(); } };'],
    ['captured through another closure', 'const close = () => c.release(); return () => close();'],
    ['held by an instance of a local class', 'class Box { close() { c.release(); } } return new Box();'],
    ['its release function returned', 'return c.release;'],
    ['stored on an outside object', 'registry.client = c;'],
    ['stored in a module variable', 'shared = c;'],
  ])('%s: no leak', (_name, end) => expectTruth(`let shared;\n${pgMain(`const c = await pool.connect();\n${end}`)}`, {}));
  it('a returned closure that does not hold the handle does not save it', () =>
    expectTruth(pgMain('const c = await pool.connect();\nconsole.log(c);\nreturn () => step(1);'), { leaks: ['3:pool.connect'] }));
  it('a return that finally overrides hands nothing out', () =>
    expectTruth(pgMain('const c = await pool.connect();\ntry { return c; } finally { return 1; }'), { leaks: ['3:pool.connect'] }));
  it('an unknown constructor takes, and is not expected to throw while it does', () =>
    expectTruth(pgMain('const c = await pool.connect();\nnew Session(c);\nstep(1);'), {}));
  it('an unknown function borrows', () =>
    expectTruth(pgMain('const c = await pool.connect();\ntrack(c);'), { leaks: ['3:pool.connect'] }));
  it('a yielded handle is lent', () =>
    expectTruth(`import { Pool } from 'pg'; const pool = new Pool();\nexport async function* main() {\nconst c = await pool.connect();\nyield c;\nc.release();\n}\n`, {
      leaks: ['3:pool.connect'],
    }));
  it('a generator that is stopped runs its finally', () =>
    expectTruth(`import { Pool } from 'pg'; const pool = new Pool();\nexport async function* main() {\nconst c = await pool.connect();\ntry { yield 1; yield* rows(2); } finally { c.release(); }\n}\n`, {}));
  it('a synchronous generator is stopped as well', () =>
    expectTruth(`export function* main() {\nconst c = db.getconn();\nyield 1;\ndb.putconn(c);\n}\n`, { leaks: ['2:db.getconn'] }));
});

describe('functions of the file', () => {
  const open = 'async function open() { const c = await pool.connect(); return c; }\n';
  it('the call of a factory is the acquisition', () =>
    expectTruth(open + pgMain('const c = await open();\nstep(1);\nc.release();'), { leaks: ['4:open'] }));
  it('what leaks inside a factory is its own acquisition', () =>
    expectTruth(`async function open() { const c = await pool.connect(); step(1); return c; }\n${pgMain('const c = await open();\nc.release();')}`, {
      leaks: ['1:pool.connect'],
    }));
  it('a factory of a factory, with the promise handed on', () =>
    expectTruth(`${open}const again = () => open();\n${pgMain('const c = await again();\nstep(1);\nc.release();')}`, { leaks: ['5:again'] }));
  it('a factory that returns the promise of the pool', () =>
    expectTruth(`const open = () => pool.connect();\n${pgMain('await open();')}`, { leaks: ['4:open'] }));
  it('a helper that releases on normal return only', () =>
    expectTruth(`async function close(c) { await work(1); c.release(); }\n${pgMain('const c = await pool.connect();\nawait close(c);')}`, {
      leaks: ['4:pool.connect'],
    }));
  it('a helper that always releases', () =>
    expectTruth(`async function close(c) { try { await work(1); } finally { c.release(); } }\n${pgMain('const c = await pool.connect();\nawait close(c);')}`, {}));
  it('a cleanup closure with a once-guard', () =>
    expectTruth(pgMain('const c = await pool.connect();\nlet done = false;\nconst cleanup = () => { if (done) return; done = true; c.release(); };\ntry { if (cond(1)) cleanup(); } finally { cleanup(); }'), {}));
  it('an un-awaited helper that rejects ends itself only', () =>
    expectTruth(`async function task() { await work(1); }\n${pgMain('const c = await pool.connect();\ntask();\nc.release();')}`, {}));
  it('an un-awaited helper leaks on its own account', () =>
    expectTruth(`async function task() { const c = await pool.connect(); await work(1); c.release(); }\n${pgMain('task();')}`, {
      leaks: ['1:pool.connect'],
    }));
  it('a generator of the file that lends', () =>
    expectTruth(`async function* lend() { const c = await pool.connect(); try { yield c; } finally { c.release(); } }\n${pgMain('for await (const c of lend()) { await c.query("a"); break; }')}`, {}));
});

describe('second releases and late uses', () => {
  it('pg throws on a second release', () =>
    expectTruth(pgMain('const c = await pool.connect();\nc.release();\nc.release();\nawait pool.query("a");'), { doubleReleases: ['5:c.release'] }));
  it('mysql2 stays silent and is wrong nevertheless', () =>
    expectTruth(mysqlMain('const c = await pool.getConnection();\nc.release();\npool.releaseConnection(c);'), { doubleReleases: ['5:pool.releaseConnection'] }));
  it('mysql2: release after destroy does nothing, destroy after release does', async () => {
    await expectTruth(mysqlMain('const c = await pool.getConnection();\nc.destroy();\nc.release();'), {});
    await expectTruth(mysqlMain('const c = await pool.getConnection();\nc.release();\nc.destroy();'), { doubleReleases: ['5:c.destroy'] });
  });
  it('a pg Client may be ended twice', () =>
    expectTruth(`import { Client } from 'pg';\nexport async function main() {\nconst c = new Client(); await c.connect();\nawait c.end();\nawait c.end();\n}\n`, {}));
  it('a query after the release, on one path', () =>
    expectTruth(pgMain('const c = await pool.connect();\nif (c) c.release();\nif (cond(1)) await c.query("a");'), { usesAfterRelease: ['5:c.query'] }));
  it('seen from the caller when the event is inside a helper', () =>
    expectTruth(`function close(c) { c.release(); }\nasync function use(c) { await c.query('a'); }\n${pgMain('const c = await pool.connect();\nc.release();\nawait use(c);\nclose(c);')}`, {
      leaks: [],
      doubleReleases: ['8:close'],
      usesAfterRelease: ['7:use'],
    }));
  it('giving a released handle to an unknown function is doubtful', () =>
    expectTruth(pgMain('const c = await pool.connect();\nc.release();\ntrack(c);'), { doubtful: ['use-after-release 5:track'] }));
  it('what follows a read of a property of undefined is doubtful', () =>
    expectTruth(pgMain('const a = await pool.connect();\nlet b;\ntry { b = await pool.connect(); } finally { b.release(); a.release(); }'), {
      doubtful: ['leak 3:pool.connect'],
    }));
});

describe('using', () => {
  it('releases a mysql2 connection', () => expectTruth(mysqlMain('await using c = await pool.getConnection();\nawait c.query("a");'), {}));
  it('is a TypeError after the acquisition on pg', () =>
    expectTruth(pgMain('await using c = await pool.connect();'), { leaks: ['3:pool.connect'] }));
  it('is a TypeError on mysql2 when synchronous', () =>
    expectTruth(mysqlMain('using c = await pool.getConnection();'), { leaks: ['3:pool.getConnection'] }));
  it('is a TypeError on a promise', () =>
    expectTruth(mysqlMain('await using c = pool.getConnection();'), { leaks: ['3:pool.getConnection'] }));
  it('disposes an own wrapper', () =>
    expectTruth(pgMain('const c = await pool.connect();\nusing guard = { [Symbol.dispose]() { c.release(); } };\nawait c.query("a");'), {}));
  it('keeps functions declared in the same block callable', () =>
    expectTruth(pgMain('const c = await pool.connect();\nusing guard = { [Symbol.dispose]() { close(); } };\nfunction close() { c.release(); }'), {}));
  it('does not dispose what failed to be initialised', () =>
    expectTruth(pgMain('const c = await pool.connect();\nusing guard = { value: step(1), [Symbol.dispose]() { c.release(); } };'), {
      leaks: ['3:pool.connect'],
    }));
});
