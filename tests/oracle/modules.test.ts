/**
 * Small programs of several files, and functions that call back, whose truth is known from the language and the conventions.
 */
import { describe, expect, it } from 'vitest';
import { minimiseProgram } from './minimise-program.ts';
import { runOracle } from './oracle-run.ts';
import { STUB_JUDGES } from './stub-judges.ts';
import { filesOf, findProgramFile, joinFiles } from './program-files.ts';
import { findGroundTruth } from './executor/ground-truth.ts';
import { pgMain, pgSync, truthOf, type ReadableTruth } from './truth-of.ts';

const nothing = { leaks: [], doubleReleases: [], usesAfterRelease: [], doubtful: [] };

async function expectTruth(source: string, expected: Partial<ReadableTruth>): Promise<void> {
  const truth = await truthOf(source);
  expect(truth, source).toMatchObject({ ...nothing, ...expected });
  expect(truth.isExhaustive).toBe(true);
}

const program = (files: Record<string, string>): string => joinFiles(Object.entries(files).map(([path, source]) => ({ path, source })));
const pg = "import { Pool } from 'pg'; export const pool = new Pool();\n";
const main = (imports: string, body: string): string => `${imports}\nexport async function main() {\n${body}\n}\n`;
const lost = 'const c = await getClient();\nstep(1);\nc.release();';
const kept = 'const c = await getClient();\ntry { step(1); } finally { c.release(); }';
const lostInMain = { leaks: ['main.ts:3:getClient'] };

describe('a program of several files as one text', () => {
  it('is taken apart as it was put together', () => {
    const text = program({ 'db/index.ts': 'const a = 1;\n', 'main.ts': 'a();' });
    const files = filesOf(text);
    expect(files.map(({ path, source }) => ({ path, source }))).toEqual([{ path: 'db/index.ts', source: 'const a = 1;\n' }, { path: 'main.ts', source: 'a();\n' }]);
    expect(files.every(({ base, source }) => text.startsWith(source, base))).toBe(true);
    expect(filesOf('a();')).toEqual([{ path: 'main.ts', source: 'a();', base: 0 }]);
  });
  it('resolves specifiers', () => {
    const files = filesOf(program({ 'db/index.ts': '', 'db/pool.ts': '', 'old.cjs': '', 'main.ts': '' }));
    const found = (importer: string, specifier: string): string | undefined => findProgramFile(files, importer, specifier)?.path;
    expect([found('main.ts', './db'), found('main.ts', './db/pool.js'), found('db/index.ts', './pool'), found('db/pool.ts', '../old.cjs'), found('main.ts', 'pg')]).toEqual(['db/index.ts', 'db/pool.ts', 'db/pool.ts', 'old.cjs', undefined]);
  });
  it('is shrunk in each of its files', async () => {
    const text = program({ 'db.ts': `${pg}export async function getClient() {\nstep(5);\nreturn await pool.connect();\n}\nexport const unused = 1;\n`, 'main.ts': main("import { getClient } from './db';", `step(7);\n${lost}`) });
    const small = await minimiseProgram(text, async (candidate) => (await findGroundTruth(candidate)).evidence.some(({ kind, start }) => kind === 'leak' && candidate.startsWith('getClient', start)));
    expect(small).toBe(`// @file db.ts\nimport { Pool } from 'pg'; export const pool = new Pool();\nexport async function getClient() {\n  return await pool.connect();\n}\n// @file main.ts\nimport { getClient } from './db';\nexport async function main() {\n  await getClient();\n}\n`);
  });
});

describe('what is no program', () => {
  it.each([
    ['a file that is missing', { 'main.ts': pg + main("import { getClient } from './db';", 'await pool.connect();\nawait getClient();') }, 'main.ts imports ./db, which is not there'],
    ['a name that nothing exports', { 'db.ts': pg, 'main.ts': main("import { pool, getClient } from './db';", 'await pool.connect();\nawait getClient();') }, 'nothing exports getClient'],
  ])('%s', (_name, files, message) => expect(truthOf(program(files as unknown as Record<string, string>))).rejects.toThrow(message));
  it('a wrong judge is caught in several files, and what it missed is shrunk', async () => {
    const judge = STUB_JUDGES['never-leak'];
    if (!judge) throw new Error('no judge');
    const { disagreements, failures } = await runOracle({ seed: 3, programs: 40, family: 'modules', judge, maxMinimised: 2 });
    expect(failures).toEqual([]);
    const shrunk = disagreements.flatMap((found) => (found.minimised ? [found.minimised] : []));
    expect(shrunk).toHaveLength(2);
    for (const { source, disagreement } of shrunk) {
      expect(disagreement.kind).toMatch(/^missed-/);
      expect(filesOf(source).length).toBeGreaterThan(1);
      expect(source.split('\n').length).toBeLessThan(40);
    }
  }, 60_000);
});

describe('other modules', () => {
  it.each([
    ['a named pool', { 'db.ts': pg, 'main.ts': main("import { pool } from './db';", 'const c = await pool.connect();\nstep(1);\nc.release();') }, { leaks: ['main.ts:3:pool.connect'] }],
    ['a factory', { 'db.ts': `${pg}export async function getClient() { return pool.connect(); }`, 'main.ts': main("import { getClient } from './db';", lost) }, lostInMain],
    ['a factory, released', { 'db.ts': `${pg}export const getClient = () => pool.connect();`, 'main.ts': main("import { getClient } from './db';", kept) }, {}],
    ['a factory under another name', { 'db.ts': `${pg}const open = () => pool.connect();\nexport { open as openClient };`, 'main.ts': main("import { openClient as getClient } from './db.js';", lost) }, lostInMain],
    ['a default export', { 'db.ts': `${pg}export default async function () { return pool.connect(); }`, 'main.ts': main("import getClient from './db';", lost) }, lostInMain],
    ['a default export by name', { 'db.ts': `${pg}const open = () => pool.connect();\nexport default open;`, 'main.ts': main("import getClient from './db';", lost) }, lostInMain],
    ['a barrel', { 'db/pool.ts': `${pg}export const getClient = () => pool.connect();`, 'db/index.ts': "export * from './pool';", 'main.ts': main("import { getClient } from './db';", lost) }, lostInMain],
    ['a barrel that renames', { 'db/pool.ts': `${pg}export default () => pool.connect();`, 'db/index.ts': "export { default as getClient } from './pool';", 'main.ts': main("import { getClient } from './db';", lost) }, lostInMain],
    ['a namespace', { 'db.ts': `${pg}export const getClient = () => pool.connect();`, 'main.ts': main("import * as db from './db';", lost.replace('getClient', 'db.getClient')) }, { leaks: ['main.ts:3:db.getClient'] }],
    ['CommonJS', { 'db.cjs': "const { Pool } = require('pg'); const pool = new Pool();\nmodule.exports = { getClient: () => pool.connect() };", 'main.cjs': `const { getClient } = require('./db.cjs');\nexports.main = async function () {\n${lost}\n};` }, { leaks: ['main.cjs:3:getClient'] }],
    ['CommonJS, stored in a module variable', { 'db.cjs': "const { Pool } = require('pg'); const pool = new Pool();\nexports.getClient = () => pool.connect();", 'main.cjs': `const { getClient } = require('./db.cjs');\nlet shared;\nexports.main = async function () {\nshared = await getClient();\n};` }, {}],
    ['CommonJS, one by one', { 'db.cjs': "const { Pool } = require('pg'); const pool = new Pool();\nexports.getClient = async () => pool.connect();", 'main.ts': main("import { getClient } from './db.cjs';", lost) }, lostInMain],
    ['a factory that may lose the handle itself', { 'db.ts': `${pg}export async function getClient() { const c = await pool.connect(); step(2); return c; }`, 'main.ts': main("import { getClient } from './db';", kept) }, { leaks: ['db.ts:2:pool.connect'] }],
    ['a helper that releases', { 'db.ts': `${pg}export function safeRelease(c) { if (c) c.release(); }`, 'main.ts': main("import { pool, safeRelease } from './db';", 'const c = await pool.connect();\ntry { step(1); } finally { safeRelease(c); }') }, {}],
    ['a helper that releases on success only', { 'db.ts': `${pg}export async function commit(c) { await c.query('COMMIT'); c.release(); }`, 'main.ts': main("import { pool, commit } from './db';", 'const c = await pool.connect();\nawait commit(c);') }, { leaks: ['main.ts:3:pool.connect'] }],
    ['helpers that both release', { 'db.ts': `${pg}export async function commit(c) { try { await c.query('COMMIT'); } finally { c.release(); } }\nexport async function rollback(c) { c.release(); }`, 'main.ts': main("import { pool, commit, rollback } from './db';", 'const c = await pool.connect();\ntry { await commit(c); } catch (e) {\nawait rollback(c);\n}') }, { doubleReleases: ['main.ts:5:rollback'] }],
    ['an object', { 'db.ts': `${pg}export const db = { async getClient() { return pool.connect(); }, release(c) { c.release(); } };`, 'main.ts': main("import { db } from './db';", 'const c = await db.getClient();\nstep(1);\ndb.release(c);') }, { leaks: ['main.ts:3:db.getClient'] }],
    ['an instance', { 'db.ts': "import { Pool } from 'pg';\nclass Database { constructor(private readonly pool: Pool) {}\nasync getClient() { return this.pool.connect(); } }\nexport const db = new Database(new Pool());", 'main.ts': main("import { db } from './db';", 'const c = await db.getClient();\nstep(1);\nc.release();') }, { leaks: ['main.ts:3:db.getClient'] }],
    ['an injected class', { 'db.ts': "import { Pool } from 'pg';\nexport class Database { constructor(private readonly pool: Pool) {}\nasync getClient() { return this.pool.connect(); } }", 'main.ts': "import { Database } from './db';\nexport class Service { constructor(private readonly db: Database) {}\nasync run() {\nconst c = await this.db.getClient();\nstep(1);\nc.release();\n} }" }, { leaks: ['main.ts:4:this.db.getClient'] }],
    ['a base class', { 'db.ts': "import { Pool } from 'pg';\nexport abstract class Base { constructor(protected readonly pool: Pool) {}\nprotected open() { return this.pool.connect(); } }", 'main.ts': "import { Base } from './db';\nexport class Repository extends Base {\nasync run() {\nconst c = await this.open();\nstep(1);\nc.release();\n} }" }, { leaks: ['main.ts:4:this.open'] }],
    ['a scope', { 'db.ts': `${pg}export async function withClient(work) { const c = await pool.connect(); try { return await work(c); } finally { c.release(); } }`, 'main.ts': main("import { withClient } from './db';", 'await withClient(async (c) => { await c.query("a"); });') }, {}],
    ['a scope that releases on success only', { 'db.ts': `${pg}export async function withClient(work) { const c = await pool.connect(); const r = await work(c); c.release(); return r; }`, 'main.ts': main("import { withClient } from './db';", 'await withClient(async (c) => { await c.query("a"); });') }, { leaks: ['db.ts:2:pool.connect'] }],
    ['a scope whose caller releases', { 'db.ts': `${pg}export async function withClient(work) { const c = await pool.connect(); try { return await work(c); } finally { c.release(); } }`, 'main.ts': main("import { withClient } from './db';", 'await withClient(async (c) => { c.release(); });') }, { doubtful: ['double-release db.ts:2:c.release'] }],
  ])('%s', (_name, files, expected) => expectTruth(program(files as unknown as Record<string, string>), expected));
});

describe('functions that call back', () => {
  const use = (release: string): string => pgSync(`getClient((err, c, done) => { if (err) return cb(err);\n${release} cb(null); });`, 'cb');
  it.each([
    ['the callback of the caller, passed on', 'function getClient(cb) { pool.connect(cb); }\n', 'done();', {}],
    ['the callback of the caller, passed on, that forgets', 'function getClient(cb) { pool.connect(cb); }\n', '', { leaks: ['4:getClient'] }],
    ['told by hand', 'function getClient(cb) { pool.connect((err, c, done) => { if (err) return cb(err); cb(null, c, done); }); }\n', '', { leaks: ['4:getClient'] }],
    ['with something lost in between', 'function getClient(cb) { pool.connect((err, c, done) => { if (err) return cb(err); c.query("a", (err) => { if (err) return cb(err); cb(null, c, done); }); }); }\n', 'done();', { leaks: ['1:pool.connect'] }],
  ])('%s', (_name, factory, release, expected) => expectTruth(factory + use(release), expected));
});

describe('emitters', () => {
  const acquired = (text: string): string => pgMain(`const c = await pool.connect();\n${text}`, 'req, res');
  const leak = { leaks: ['3:pool.connect'] };
  it.each([
    ['close always comes', "res.on('close', () => c.release());", {}],
    ['finish does not come when the client went away', "res.on('finish', () => c.release());", leak],
    ['both release, in no order that the text shows', "res.on('finish', () => c.release());\nres.on('close', () => c.release());", { doubtful: ['double-release 5:c.release'] }],
    ['both release once', "let d = false; const f = () => { if (!d) { d = true; c.release(); } };\nres.on('finish', f); res.on('close', f);", {}],
    ['a throw after the listener is attached', "res.once('close', () => c.release());\nstep(1);", {}],
    ['a throw before', "step(1);\nres.on('close', () => c.release());", leak],
    ['once', "res.once('close', c.release);", {}],
  ])('%s', (_name, text, expected) => expectTruth(acquired(text), expected));

  const streamed = (text: string): string => `import QueryStream from 'pg-query-stream'; import { finished, pipeline } from 'node:stream';\n${acquired(`let s; try { s = c.query(new QueryStream('q')); } catch (e) { c.release(); throw e; }\n${text}`)}`;
  const lostStream = { leaks: ['4:pool.connect'] };
  it.each([
    ['close', "s.on('close', () => c.release());", {}],
    ['end and error', "s.on('end', () => c.release());\ns.on('error', () => c.release());", {}],
    ['end with an error listener that forgets', "s.on('end', () => c.release());\ns.on('error', (e) => console.error(e));", lostStream],
    ['end alone: the error ends the process', "s.on('end', () => c.release());", { doubtful: ['leak 4:pool.connect'] }],
    ['error alone', "s.on('error', () => c.release());", lostStream],
    ['end and close', "s.on('end', () => c.release());\ns.on('close', () => c.release());\ns.on('error', () => {});", { doubtful: ['double-release 7:c.release'] }],
    ['finished', 'finished(s, () => c.release());', {}],
    ['finished, on success', 'finished(s, (err) => { if (!err) c.release(); });', lostStream],
    ['pipeline', 'pipeline(s, res, (err) => { c.release(); });', { doubtful: ['leak 4:pool.connect'] }],
  ])('stream: %s', (_name, text, expected) => expectTruth(streamed(text), expected));
});

describe('pg Client with callbacks', () => {
  const client = (body: string): string => `import { Client } from 'pg';\nexport function main(cb) {\nconst c = new Client();\nc.connect((err) => { if (err) return cb(err);\n${body}\n});\n}\n`;
  it.each([
    ['ended in the callback of the query', "c.query('a', (err, res) => { c.end(); cb(err, res); });", {}],
    ['forgotten on error', "c.query('a', (err, res) => { if (err) return cb(err); c.end(() => cb(null, res)); });", { leaks: ['4:c.connect'] }],
  ])('%s', (_name, body, expected) => expectTruth(client(body), expected));
});

describe('generators stopped by their consumer', () => {
  const consumer = 'for await (const r of rows()) { if (cond(1)) break; }';
  it('with a finally', () => expectTruth(`async function* rows() { const c = await pool.connect(); try { yield 1; yield 2; } finally { c.release(); } }\n${pgMain(consumer)}`, {}));
  it('without', () => expectTruth(`async function* rows() { const c = await pool.connect(); yield 1; c.release(); }\n${pgMain(consumer)}`, { leaks: ['1:pool.connect'] }));
});

describe('what nobody waits for', () => {
  const first = 'const c = await pool.connect();\n';
  it.each([
    ['a release in a timer and one now', `${first}setTimeout(() => c.release(), 5);\nc.release();`, { doubtful: ['double-release 4:c.release'] }],
    ['two releases by reference in timers', `${first}setImmediate(c.release);\nprocess.nextTick(c.release);`, { doubtful: ['double-release 4:setImmediate'] }],
    ['a query after a release in a timer', `${first}setTimeout(() => c.release(), 5);\nawait c.query("a");\nawait new Promise((r) => setTimeout(r, 9));\nawait c.query("b");`, { doubtful: ['use-after-release 7:c.query'] }],
    ['a release now and a timer that was registered after it', `${first}c.release();\nsetTimeout(() => c.release(), 5);`, { doubleReleases: ['5:c.release'] }],
    ['a chain that nobody awaits and a release', `${first}c.query("a").then(() => c.release(), () => c.release());\nawait task(1);\nc.release();`, { doubtful: ['double-release 6:c.release'] }],
    ['a chain that is awaited and a release', `${first}await c.query("a").then(() => c.release(), () => c.release());\nc.release();`, { doubleReleases: ['5:c.release'] }],
    ['a callback in a callback', `${first}c.query("a", () => { c.release(); c.query("b", () => {\nc.release();\n}); });`, { doubleReleases: ['5:c.release'], usesAfterRelease: ['4:c.query'] }],
    ['a reaction that a `finally` block does not wait for', `${first}try { return task(1).then(() => c.query("a")); } finally { c.release(); }`, { doubtful: ['use-after-release 4:c.query'] }],
    ['an async function behind `&&` that nobody awaits', `${first}const f = async () => { c.release(); };\nc && f();\nawait f();`, { doubtful: ['double-release 6:f'] }],
    ['an async function behind `&&` that is awaited', `${first}const f = async () => { c.release(); };\nawait (c && f());\nawait f();`, { doubleReleases: ['6:f'] }],
    ['an async function that nobody awaits', `${first}const f = async () => { await task(1); c.release(); };\nf().catch(() => {});\nawait task(2);\nawait c.query("a");`, { leaks: ['3:pool.connect'], doubtful: ['use-after-release 7:c.query'] }],
  ])('%s', (_name, body, expected) => expectTruth(pgMain(body), expected));
});

describe('owners', () => {
  it('do not throw when they are given a handle, held or released', () =>
    expectTruth(pgMain('const a = await pool.connect();\nlet b;\ntry { b = await pool.connect(); b.release(); new Session(b); } finally { a.release(); }\nconst d = await pool.connect();\nnew Session(d);'), { doubtful: ['use-after-release 5:new Session'] }));
  it('a native array is gone through without a throw', () =>
    expectTruth(pgMain('const a = await pool.connect();\nfor (const c of [a]) console.log(c);\nfor (const n of list(1)) console.log(n);\na.release();'), { leaks: ['3:pool.connect'] }));
});
