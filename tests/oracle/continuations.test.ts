/**
 * Small programs with chains, callbacks, combinators and timers whose truth is known from the language, the driver facts
 * and the conventions of the verdict. One group per convention.
 */
import { describe, expect, it } from 'vitest';
import { prepareProgram } from './executor/executable-program.ts';
import { pgMain, pgSync, mysqlCallbackSync, truthOf } from './truth-of.ts';

const nothing = { leaks: [], doubleReleases: [], usesAfterRelease: [], doubtful: [] };

async function expectTruth(source: string, expected: Partial<Awaited<ReturnType<typeof truthOf>>>): Promise<void> {
  const truth = await truthOf(source);
  expect(truth).toMatchObject({ ...nothing, ...expected });
  expect(truth.isExhaustive).toBe(true);
}

const leak = { leaks: ['3:pool.connect'] };

describe('chains', () => {
  it.each([
    ['finally after the query', 'return pool.connect().then((c) => c.query("a").finally(() => c.release()));', {}],
    ['un-returned', 'pool.connect().then((c) => c.query("a").finally(() => c.release()));', {}],
    ['an un-returned inner chain', 'return pool.connect().then((c) => { c.query("a").finally(() => c.release()); });', {}],
    ['released on success only', 'return pool.connect().then((c) => c.query("a").then((r) => { c.release(); return r; }));', leak],
    ['released on failure only', 'return pool.connect().then((c) => c.query("a").catch((e) => { c.release(); throw e; }));', leak],
    ['both handlers', 'return pool.connect().then((c) => c.query("a").then((r) => { c.release(); return r; }, (e) => { c.release(); throw e; }));', {}],
    ['a throw before the chain', 'return pool.connect().then((c) => { step(1); return c.query("a").finally(() => c.release()); });', leak],
    ['a throw inside finally before the release', 'return pool.connect().then((c) => c.query("a").finally(() => { step(1); c.release(); }));', leak],
    ['swallowed, then released', 'return pool.connect().then((c) => c.query("a").catch(() => undefined).then(() => c.release()));', {}],
    ['the release function by name', 'return pool.connect().then((c) => c.query("a").finally(c.release));', {}],
    ['the release function as both handlers', 'return pool.connect().then((c) => c.query("a").then(c.release, c.release));', {}],
    ['a variable around the chain', 'let c;\nreturn pool.connect().then((x) => { c = x; return c.query("a"); }).finally(() => { if (c) c.release(); });', { leaks: [] }],
    ['a variable around the chain, released on success', 'let c;\nreturn pool.connect().then((x) => { c = x; return c.query("a"); }).then(() => c.release());', { leaks: ['4:pool.connect'] }],
    ['passed on to the next stage', 'return pool.connect().then((c) => c).then((c) => c.query("a").finally(() => c.release()));', {}],
    ['lost between two stages', 'return pool.connect().then((c) => c.query("a").then(() => c)).then((c) => c.release());', leak],
    ['in an array', 'return pool.connect().then((c) => Promise.all([c, c.query("a")])).then(([c]) => c.release());', leak],
    ['the chain hands the handle out', 'return pool.connect().then((c) => c);', {}],
    ['the chain may lose the handle before it hands it out', 'return pool.connect().then((c) => c.query("a").then(() => c));', leak],
    ['dropped', 'return pool.connect().then(() => 1);', leak],
    ['an async handler with finally', 'return pool.connect().then(async (c) => { try { await c.query("a"); } finally { c.release(); } });', {}],
    ['an async handler without', 'return pool.connect().then(async (c) => { await c.query("a"); c.release(); });', leak],
    ['acquired in a handler', 'return task(1).then(() => pool.connect()).then((c) => c.query("a").finally(() => c.release()));', {}],
    ['acquired in a handler and dropped', 'return task(1).then(() => pool.connect()).then(() => 1);', leak],
    ['a handler by name that is not called', 'return pool.connect().then((c) => c.query("a").finally(() => c.release));', leak],
  ])('%s', (_name, body, expected) => expectTruth(pgSync(body), expected));

  it('mixed with await', async () => {
    await expectTruth(pgMain('const c = await pool.connect();\nawait c.query("a").finally(() => c.release());'), {});
    await expectTruth(pgMain('const c = await pool.connect();\nawait c.query("a").then(() => c.release());'), leak);
    await expectTruth(pgMain('const p = pool.connect().then((c) => c);\nawait work(1);\nconst c = await p;\nc.release();'), leak);
  });
  it('a handler of the file by name', () =>
    expectTruth(`const use = (c) => c.query('a').finally(() => c.release());\n${pgSync('return pool.connect().then(use);')}`, {}));
  it('a releasing function of the file by name', () =>
    expectTruth(`function close(c) { return c.query('a').then(() => c.release()); }\n${pgSync('return pool.connect().then(close);')}`, { leaks: ['4:pool.connect'] }));
  it('a rejection that nobody handles is a throw out of the function', () =>
    expectTruth(pgMain('const c = await pool.connect();\nc.query("a").then(() => c.release());'), leak));
  it('a second release in the catch that also covers the first', () =>
    expectTruth(pgSync('return pool.connect().then((c) => c.query("a").then((r) => { c.release(); return task(1); }).catch((e) => { c.release(); throw e; }));'), {
      doubleReleases: ['3:c.release'],
    }));
  it('a second release by name stands on the call or on the name', async () => {
    const { doubleReleases } = await truthOf(pgSync('return pool.connect().then((c) => { c.release(); return c.query("a").finally(c.release); });'));
    expect(doubleReleases).toEqual(['3:c.query']);
  });
  it('a query after the release, a stage later', () =>
    expectTruth(pgSync('return pool.connect().then((c) => c.query("a").then(() => c.release(), () => c.release()).then(() => c.query("b")));'), {
      usesAfterRelease: ['3:c.query'],
    }));
});

describe('functions of the file that return chains', () => {
  const use = pgMain('const c = await open();\nstep(1);\nc.release();');
  it.each([
    ['an async function', 'async function open() { return pool.connect().then((c) => c); }\n', { leaks: ['4:open'] }],
    ['a plain function', 'function open() { return pool.connect().then((c) => c); }\n', { leaks: ['4:open'] }],
    ['through a promise around a callback', 'function open() { return new Promise((resolve, reject) => { pool.connect((e, c) => { if (e) reject(e); else resolve(c); }); }); }\n', { leaks: ['4:open'] }],
    ['what it loses itself is its own', 'function open() { return pool.connect().then((c) => task(1).then(() => c)); }\n', { leaks: ['1:pool.connect', '4:open'] }],
  ])('%s', (_name, open, expected) => expectTruth(open + use, expected));
  it('a factory passed by name', async () => {
    const truth = await truthOf(`const open = () => pool.connect();\n${pgSync('return task(1).then(open).then((c) => c.query("a").then(() => c.release()));')}`);
    expect(truth.leaks).toEqual(['4:task']); // the call it is passed to starts there; the name and the call inside are substitutes
  });
});

describe('node-style callbacks', () => {
  it.each([
    ['released in both branches', '(err, c, done) => { if (err) return cb(err); c.query("a", (err, res) => { done(); cb(err, res); }); }', {}],
    ['forgotten in the error branch', '(err, c, done) => { if (err) return cb(err); c.query("a", (err, res) => { if (err) return cb(err); done(); cb(null, res); }); }', leak],
    ['client.release in each branch', '(err, c) => { if (err) return cb(err); c.query("a", (err) => { if (err) { c.release(err); return cb(err); } c.release(); cb(null); }); }', {}],
    ['an early return', '(err, c, done) => { if (err) return cb(err); if (cond(1)) return cb(null); done(); cb(null); }', leak],
    ['never', '(err, c) => { if (err) return cb(err); cb(null); }', leak],
    ['a throw in a driver callback ends the process', '(err, c, done) => { if (err) throw err; step(1); done(); cb(null); }', {}],
    ['a throw in a nested driver callback ends the process', '(err, c, done) => { if (err) return cb(err); c.query("a", (err) => { if (err) throw err; done(); cb(null); }); }', {}],
    ['the rejection of an async callback goes nowhere', 'async (err, c, done) => { if (err) return cb(err); await c.query("a"); done(); cb(null); }', leak],
    ['an async callback with finally', 'async (err, c, done) => { if (err) return cb(err); try { await c.query("a"); } finally { done(); } }', {}],
    ['a chain in a callback', '(err, c, done) => { if (err) return cb(err); c.query("a").then(() => cb(null), cb).finally(() => done()); }', {}],
    ['handed to the caller', '(err, c) => { if (err) return cb(err); cb(null, c); }', {}],
    ['used after done', '(err, c, done) => { if (err) return cb(err); done(); c.query("a", () => cb(null)); }', { usesAfterRelease: ['3:c.query'] }],
    ['done twice', '(err, c, done) => { if (err) return cb(err); done(); c.release(); }', { doubleReleases: ['3:c.release'] }],
    ['done after an error does nothing', '(err, c, done) => { if (err) { done(); return cb(err); } done(); cb(null); }', {}],
  ])('pg: %s', (_name, callback, expected) => expectTruth(pgSync(`pool.connect(${callback});`, 'cb'), expected));

  it.each([
    ['released in both branches', 'conn.query("a", (err, rows) => { conn.release(); cb(err, rows); });', {}],
    ['forgotten after a failed commit', 'conn.beginTransaction((err) => { if (err) { conn.release(); return cb(err); } conn.commit((err) => { if (err) return cb(err); conn.release(); cb(null); }); });', { leaks: ['3:pool.getConnection'] }],
    ['through the pool', 'conn.query("a", () => { pool.releaseConnection(conn); cb(null); });', {}],
  ])('mysql2: %s', (_name, body, expected) => expectTruth(mysqlCallbackSync(`pool.getConnection((err, conn) => { if (err) return cb(err);\n${body} });`, 'cb'), expected));

  it('code after the call runs before the callback', () =>
    expectTruth(pgSync('let c;\npool.connect((err, client) => { c = client; cb(err); });\nif (c) c.release();', 'cb'), { leaks: ['4:pool.connect'] }));
  it('a throw after the call does not touch the callback', () =>
    expectTruth(pgSync('pool.connect((err, c, done) => { if (err) return cb(err); done(); });\nstep(1);', 'cb'), {}));
  it('done handed to a local function', () =>
    expectTruth(pgSync('pool.connect((err, c, done) => { const finish = (e) => { done(e); cb(e); }; if (err) return cb(err); c.query("a", (err) => { if (err) return finish(err); finish(null); }); });', 'cb'), {}));
});

describe('new Promise around callbacks', () => {
  it.each([
    ['resolved with the handle, awaited, released', 'const c = await new Promise((resolve, reject) => { pool.connect((err, client) => { if (err) reject(err); else resolve(client); }); });\ntry { step(1); } finally { c.release(); }', {}],
    ['resolved with the handle, awaited, lost', 'const c = await new Promise((resolve, reject) => { pool.connect((err, client) => { if (err) reject(err); else resolve(client); }); });\nstep(1);\nc.release();', leak],
    ['released before it settles', 'return new Promise((resolve, reject) => { pool.connect((err, c, done) => { if (err) return reject(err); c.query("a", (err, res) => { done(); if (err) reject(err); else resolve(res); }); }); });', {}],
    ['rejected without a release', 'return new Promise((resolve, reject) => { pool.connect((err, c, done) => { if (err) return reject(err); c.query("a", (err, res) => { if (err) return reject(err); done(); resolve(res); }); }); });', leak],
    ['a throw in the executor rejects', 'const c = await pool.connect();\ntry { await new Promise((resolve) => { step(1); resolve(1); }); } finally { c.release(); }', {}],
    ['a throw in the executor rejects, and nobody catches', 'const c = await pool.connect();\nawait new Promise((resolve) => { step(1); resolve(1); });\nc.release();', leak],
    ['a promise that never settles is doubtful', 'const c = await pool.connect();\nawait new Promise(() => {});\nc.release();', { doubtful: ['leak 3:pool.connect'] }],
  ])('%s', (_name, body, expected) => expectTruth(pgMain(body), expected));
});

describe('combinators', () => {
  it('all: one rejection loses the other', () =>
    expectTruth(pgMain('const [a, b] = await Promise.all([\npool.connect(),\npool.connect(),\n]);\na.release(); b.release();'), { leaks: ['4:pool.connect', '5:pool.connect'] }));
  it('all over one acquisition loses nothing', () =>
    expectTruth(pgMain('const [a] = await Promise.all([pool.connect()]);\na.release();'), {}));
  it('all over an acquisition and something else', () =>
    expectTruth(pgMain('const [a] = await Promise.all([pool.connect(), task(1)]);\na.release();'), leak));
  it('all over a map with an async callback that keeps its own', async () => {
    await expectTruth(pgMain('await Promise.all(list(1).map(async (id) => { const c = await pool.connect(); try { await work(2); } finally { c.release(); } }));'), {});
    await expectTruth(pgMain('await Promise.all(list(1).map(async (id) => { const c = await pool.connect(); await work(2); c.release(); }));'), leak);
  });
  it('all over a map that acquires, released together', () =>
    expectTruth(pgMain('const all = await Promise.all([1, 2].map(() => pool.connect()));\nall.forEach((c) => c.release());'), leak));
  it('allSettled loses nothing where the fulfilled are released', async () => {
    const acquire = 'const results = await Promise.allSettled([pool.connect(), pool.connect()]);\n';
    await expectTruth(pgMain(`${acquire}for (const r of results) if (r.status === 'fulfilled') r.value.release();`), {});
    await expectTruth(pgMain(`${acquire}results.filter((r) => r.status === 'fulfilled').forEach((r) => r.value.release());`), {});
    await expectTruth(pgMain(`${acquire}if (results.some((r) => r.status === 'rejected')) throw new Error('x');\nresults.forEach((r) => r.value.release());`), { leaks: ['3:pool.connect', '3:pool.connect'] });
  });
  it('race: the loser is lost', () => expectTruth(pgMain('const c = await Promise.race([pool.connect(), task(1)]);\nif (c.release) c.release();'), leak));
  it('race: the loser releases itself', () =>
    expectTruth(pgMain('const p = pool.connect();\ntry { const c = await Promise.race([p, task(1)]); if (c.query) await c.query("a"); } finally { p.then((c) => c.release(), () => {}); }'), {}));
  it('race against a timer', () =>
    expectTruth(pgMain('const c = await Promise.race([pool.connect(), new Promise((_, reject) => setTimeout(() => reject(new Error("late")), 5))]);\nc.release();'), leak));
  it('any: every loser that is fulfilled is lost, whichever it is', () =>
    expectTruth(pgMain('const c = await Promise.any([\npool.connect(),\npool.connect(),\n]);\nc.release();'), { leaks: ['4:pool.connect', '5:pool.connect'] }));
});

describe('callbacks of synchronous iteration and collections', () => {
  it('forEach over handles runs at once', () =>
    expectTruth(pgMain('const a = await pool.connect();\n[a].forEach((c) => c.release());\nstep(1);'), {}));
  it('forEach with an async callback does not wait', () =>
    expectTruth(pgMain('const a = await pool.connect();\n[a].forEach(async (c) => { await c.query("a"); c.release(); });'), leak));
  it('the second turn of forEach is called by the same call', () =>
    expectTruth(pgMain('const a = await pool.connect();\n[1, 2].forEach((n) => { console.log(n); a.release(); });'), { doubleReleases: ['4:a.release'] }));
  it('a collection that is never emptied is doubtful', () =>
    expectTruth(pgMain('const all = [];\nall.push(await pool.connect());\nstep(1);'), { doubtful: ['leak 4:pool.connect'] }));
  it('a collection whose elements are released', () =>
    expectTruth(pgMain('const all = [];\ntry { for (const i of [1, 2]) all.push(await pool.connect()); } finally { for (const c of all) c.release(); }'), {}));
});

describe('timers', () => {
  it.each(['setTimeout(() => c.release(), 5);', 'setImmediate(() => c.release());', 'process.nextTick(() => c.release());', 'setTimeout(c.release, 5);'])('%s', (text) =>
    expectTruth(pgMain(`const c = await pool.connect();\n${text}`), {}));
  it('a timer that is taken back does not run', () =>
    expectTruth(pgMain('const c = await pool.connect();\nconst t = setTimeout(() => c.release(), 5);\nclearTimeout(t);'), leak));
  it('a timer runs after the function has ended', () =>
    expectTruth(pgMain('const c = await pool.connect();\nsetTimeout(() => c.release(), 5);\nstep(1);'), {}));
  it('a throw in a timer ends the process', () =>
    expectTruth(pgMain('const c = await pool.connect();\nsetTimeout(() => { step(1); c.release(); }, 5);'), {}));
});

describe('executions', () => {
  it('rest where a promise is never settled', async () => {
    const program = prepareProgram(pgMain('await pool.connect();\nawait new Promise(() => {});'));
    const [entry] = program.entries;
    if (!entry) throw new Error('no entry');
    expect((await program.run(entry, { choose: () => 0 })).end).toBe('suspended');
  });
  it('leave nothing behind for the next one', async () => {
    const program = prepareProgram(pgSync('pool.connect((err, c, done) => { if (err) return cb(err); setTimeout(() => done(), 1); if (cond(1)) process.exit(1); });', 'cb'));
    const [entry] = program.entries;
    if (!entry) throw new Error('no entry');
    const ends: string[] = [];
    for (let round = 0; round < 3; round++) {
      const exits = { choose: (site: number) => (program.sites[site]?.label.startsWith('cond') ? 1 : 0) };
      ends.push((await program.run(entry, exits)).end);
      const { end, events } = await program.run(entry, { choose: () => 0 });
      ends.push(end);
      expect(events).toEqual([]);
    }
    expect(ends).toEqual(['exit', 'returned', 'exit', 'returned', 'exit', 'returned']);
  });
});
