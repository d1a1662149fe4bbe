/** The sentences: one row per kind of finding and cause, with the exact message and path. */
import { describe, expect, it } from 'vitest';
import { analyseProgramModel } from '../../src/analysis/analyse-program.ts';
import { detectClientFinding } from '../../src/findings/detect-client-findings.ts';
import { detectRootFinding } from '../../src/findings/detect-root-findings.ts';
import { detectFindings } from '../../src/findings/detect-findings.ts';
import type { Finding } from '../../src/findings/finding.ts';
import { printHistory } from '../../src/findings/print-history.ts';
import { findClientProblems } from '../../src/prisma/find-client-problems.ts';
import { judgeRoots } from '../../src/roots/judge-roots.ts';
import { corpusFiles } from '../corpus-files.ts';
import { modelOfSource } from '../model-of-source.ts';
import { generateProgram } from '../oracle/generator/generate-program.ts';

function findingsIn(source: string, options?: Parameters<typeof modelOfSource>[1]): Finding[] {
  const model = modelOfSource(source, options);
  const roots = judgeRoots(model).flatMap((verdict) => detectRootFinding(verdict, source) ?? []);
  const clients = findClientProblems({ model, roots: judgeRoots(model), place: undefined, module: undefined, isOneOff: () => false });
  return [
    ...analyseProgramModel(model).flatMap((outcome) => detectFindings(outcome, source)),
    ...roots,
    ...clients.map((problem) => detectClientFinding(problem, (path) => path)),
  ];
}

/** The body of a function, from line 3 on. */
function inFunction(body: string, kind = 'async function'): string {
  return `import { Pool } from 'pg'; const pool = new Pool();\n${kind} load(id) {\n${body}\n}\n`;
}

const RELEASE = 'Release it in a `finally` block (`client.release()`).';
const TAKE = 'const client = await pool.connect();';

interface Row {
  readonly name: string;
  readonly source: string;
  readonly cause: string;
  readonly message: string;
  readonly path: string;
}

const ROWS: readonly Row[] = [
  {
    name: 'a call that throws', cause: 'throws',
    source: inFunction(`${TAKE}\nawait client.query('select 1');\nclient.release();`),
    message: `\`client\` from \`pool.connect()\` is not released if \`client.query('…')\` on line 4 throws. ${RELEASE}`,
    path: "line 3 acquired by pool.connect(); line 4 client.query('…') throws; leaves with the error",
  },
  {
    name: 'a throw statement', cause: 'throws',
    source: inFunction(`${TAKE}\nif (!id) throw new Error('no id');\nclient.release();`),
    message: `\`client\` from \`pool.connect()\` is not released when the \`throw\` on line 4 runs. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 4 throw; leaves with the error',
  },
  {
    name: 'an error that is caught', cause: 'throws',
    source: inFunction(`${TAKE}\ntry {\nawait client.query('select 1');\nclient.release();\n} catch {}`),
    message: `\`client\` from \`pool.connect()\` is not released if \`client.query('…')\` on line 5 throws. ${RELEASE}`,
    path: "line 3 acquired by pool.connect(); line 5 client.query('…') throws; line 8 leaves without a release",
  },
  {
    name: 'an error that is thrown again', cause: 'throws',
    source: inFunction(`${TAKE}\ntry {\nawait client.query('select 1');\nclient.release();\n} catch (error) {\nthrow error;\n}`),
    message: `\`client\` from \`pool.connect()\` is not released if \`client.query('…')\` on line 5 throws. ${RELEASE}`,
    path: "line 3 acquired by pool.connect(); line 5 client.query('…') throws; leaves with the error",
  },
  {
    name: 'an early return', cause: 'return',
    source: inFunction(`${TAKE}\nif (id) return;\nclient.release();`),
    message: `\`client\` from \`pool.connect()\` is not released before the \`return\` on line 4. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 4 return; leaves without a release',
  },
  {
    name: 'a test in front of the release', cause: 'branch',
    source: inFunction(`${TAKE}\nif (id) client.release();`),
    message: `\`client\` from \`pool.connect()\` is not released when \`id\` on line 4 is falsy. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 4 id is false; line 5 leaves without a release',
  },
  {
    name: 'a test in a finally block says more than the return', cause: 'branch',
    source: inFunction(`${TAKE}\nlet own = id > 3;\ntry {\nreturn id;\n} finally {\nif (own) client.release();\n}`),
    message: `\`client\` from \`pool.connect()\` is not released when \`own\` on line 8 is falsy. Release it there whenever it was taken (\`client.release()\`).`,
    path: 'line 3 acquired by pool.connect(); line 6 return; line 8 own is false; line 10 leaves without a release',
  },
  {
    name: 'a test behind which the function returns', cause: 'branch',
    source: inFunction(`${TAKE}\nif (id !== 1) client.release();\nreturn id;`),
    message: `\`client\` from \`pool.connect()\` is not released when \`id !== 1\` on line 4 is false. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 4 id !== 1 is false; line 5 return; leaves without a release',
  },
  {
    name: 'a throw, and a test behind it', cause: 'throws',
    source: inFunction(`${TAKE}\nlet done = false;\ntry {\nid();\ndone = true;\n} finally {\nif (done) client.release();\n}`),
    message: '`client` from `pool.connect()` is not released if `id()` on line 6 throws and `done` on line 9 is falsy. Release it there whenever it was taken (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); line 6 id() throws; line 9 done is false; leaves with the error',
  },
  {
    name: 'a case', cause: 'branch',
    source: inFunction(`${TAKE}\nswitch (id) {\ncase 1: break;\ndefault: client.release();\n}`),
    message: `\`client\` from \`pool.connect()\` is not released in the \`case\` on line 5. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 5 case 1 is taken; line 8 leaves without a release',
  },
  {
    name: 'no case', cause: 'branch',
    source: inFunction(`${TAKE}\nswitch (id) {\ncase 1: client.release(); break;\n}`),
    message: `\`client\` from \`pool.connect()\` is not released when the value is not that of the \`case\` on line 5. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 5 case 1 is not taken; line 7 leaves without a release',
  },
  {
    name: 'a loop without a turn', cause: 'branch',
    source: inFunction(`${TAKE}\nconst list = [...id];\nfor (const one of list) {\nclient.release();\nbreak;\n}`),
    message: `\`client\` from \`pool.connect()\` is not released when the loop over \`list\` on line 5 is done. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 5 the loop is done; line 9 leaves without a release',
  },
  {
    name: 'a value that is absent', cause: 'branch',
    source: inFunction(`${TAKE}\nid?.(client.release());`),
    message: `\`client\` from \`pool.connect()\` is not released when \`id\` on line 4 is null or undefined. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 4 id is null or undefined; line 5 leaves without a release',
  },
  {
    name: 'the end of the function', cause: 'end',
    source: inFunction(`${TAKE}\nid.find(() => { client.release(); return true; });`),
    message: `\`client\` from \`pool.connect()\` is not released on a path that reaches the end of \`load\`. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 5 leaves without a release',
  },
  {
    name: 'handed on where nothing goes wrong', cause: 'throws',
    source: inFunction(`${TAKE}\nawait client.query('begin');\nreturn client;`),
    message: "`client` from `pool.connect()` is not released if `client.query('…')` on line 4 throws. Release it in a `catch` block that throws the error again (`client.release()`).",
    path: "line 3 acquired by pool.connect(); line 4 client.query('…') throws; leaves with the error",
  },
  {
    name: 'handed on where nothing goes wrong, with a catch clause', cause: 'throws',
    source: inFunction(`${TAKE}\ntry {\nawait client.query('begin');\nreturn client;\n} catch (error) {\nthrow new Error('no', { cause: error });\n}`),
    message: "`client` from `pool.connect()` is not released if `client.query('…')` on line 5 throws. Release it in the `catch` block on line 7 (`client.release()`).",
    path: "line 3 acquired by pool.connect(); line 5 client.query('…') throws; leaves with the error",
  },
  {
    name: 'handed on but for one path', cause: 'return',
    source: inFunction(`${TAKE}\nif (id) return undefined;\nreturn client;`),
    message: '`client` from `pool.connect()` is not released before the `return` on line 4. Release it there (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); line 4 return; leaves without a release',
  },
  {
    name: 'a finally block whose first step fails', cause: 'throws',
    source: inFunction(`${TAKE}\ntry {\nconsole.log(id);\n} finally {\nawait client.query('unlock');\nclient.release();\n}`),
    message: "`client` from `pool.connect()` is not released if `client.query('…')` on line 7 throws. Put the release into a `finally` block of its own (`client.release()`).",
    path: "line 3 acquired by pool.connect(); line 7 client.query('…') throws; leaves with the error",
  },
  {
    name: 'what is awaited before what is only constructed', cause: 'throws',
    source: inFunction(`${TAKE}\nconst page = new Page(id);\nawait client.query(page);\nclient.release();`),
    message: `\`client\` from \`pool.connect()\` is not released if \`client.query(page)\` on line 5 throws. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 5 client.query(page) throws; leaves with the error',
  },
  {
    name: 'a promise that is rejected beside it', cause: 'throws',
    source: inFunction('const [client] = await Promise.all([pool.connect(), id()]);\nclient.release();'),
    message: 'The client from `pool.connect()` is not released if `id()` on line 3 throws. Wait with `Promise.allSettled` and release each one that came (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); id() throws; leaves with the error',
  },
  {
    name: 'another one of several', cause: 'throws',
    source: inFunction('const all = await Promise.all(id.map(() => pool.connect()));\nfor (const client of all) client.release();'),
    message: 'The client from `pool.connect()` is not released if another `pool.connect()` on line 3 throws. Wait with `Promise.allSettled` and release each one that came (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); pool.connect() throws; leaves with the error',
  },
  {
    name: 'a promise in a variable', cause: 'throws',
    source: inFunction('const pending = pool.connect();\nid();\n(await pending).release();'),
    message: '`pending` from `pool.connect()` is not released if `id()` on line 4 throws. Release it in a `finally` block (`(await pending).release()`).',
    path: 'line 3 acquired by pool.connect(); line 4 id() throws; leaves with the error',
  },
  {
    name: 'an argument that is evaluated afterwards', cause: 'throws',
    source: inFunction('const all = [await pool.connect(), id()];\nall[0].release();'),
    message: 'The client from `pool.connect()` is not released if `id()` on line 3 throws. Keep it in a variable and release it in a `finally` block (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); id() throws; leaves with the error',
  },
  {
    name: 'a function that fails after it took it', cause: 'throws',
    source: "import { Client } from 'pg';\nasync function load(ready) {\nlet client;\nconst open = async () => {\nclient = new Client();\nawait client.connect();\nready();\n};\nawait open();\nawait client.end();\n}",
    message: '`client` from `open()` is not released if that call fails after it took it. Release it in a `finally` block (`client.end()`).',
    path: 'line 9 acquired by open(); open() throws; leaves with the error',
  },
  {
    name: 'an attempt that is made again', cause: 'throws',
    source: "import { Client } from 'pg';\nasync function load(n) {\nlet last;\nfor (let i = 0; i < n; i++) {\ntry {\nconst client = new Client();\nawait client.connect();\nawait client.query('select 1');\nawait client.end();\nreturn;\n} catch (error) { last = error; }\n}\nthrow last;\n}",
    message: "`client` from `client.connect()` is not released if `client.query('…')` on line 8 throws. Release it in a `finally` block (`client.end()`).",
    path: "line 7 acquired by client.connect(); line 8 client.query('…') throws; line 6 overwritten; line 10 return; leaves without a release",
  },
  {
    name: 'a consumer that stops', cause: 'stop',
    source: inFunction(`${TAKE}\nyield 1;\nclient.release();`, 'async function*'),
    message: `\`client\` from \`pool.connect()\` is not released if the consumer stops at the \`yield\` on line 4. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 4 the consumer stops here',
  },
  {
    name: 'a declaration without a dispose method', cause: 'not-disposable',
    source: inFunction('await using client = await pool.connect();\nawait client.query(id);'),
    message: 'The client from `pool.connect()` leaks: the declaration throws because this client has no dispose method, after it was taken. Use `try` and `finally` (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); the declaration finds no dispose method and throws; leaves with the error',
  },
  {
    name: 'no release at all', cause: 'end',
    source: inFunction(`${TAKE}\nconsole.log(client);`),
    message: `\`client\` from \`pool.connect()\` is never released. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 5 leaves without a release',
  },
  {
    name: 'nothing keeps it', cause: 'end',
    source: inFunction('await pool.connect();'),
    message: 'The client from `pool.connect()` is never released: nothing keeps it. Keep it in a variable and release it in a `finally` block (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); line 4 leaves without a release',
  },
  {
    name: 'overwritten', cause: 'end',
    source: inFunction('let client = await pool.connect();\nclient = null;'),
    message: `\`client\` from \`pool.connect()\` is never released: line 4 overwrites it while it is still out. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 4 overwritten; line 5 leaves without a release',
  },
  {
    name: 'a loop whose iteration throws', cause: 'throws',
    source: inFunction(`${TAKE}\nfor (const item of items) console.log(item);\nclient.release();`),
    message: `\`client\` from \`pool.connect()\` is not released if the loop over \`items\` on line 4 throws. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 4 the loop over items throws; leaves with the error',
  },
  {
    name: 'an event that never comes', cause: 'missed',
    source: "import { Pool } from 'pg'; const pool = new Pool();\nasync function load(res) {\nres.setHeader('a', 'b'); const client = await pool.connect();\nres.on('finish', () => client.release());\n}",
    message: '`client` from `pool.connect()` is not released if `res` closes without `finish`, which line 4 waits for. Release it on `close` (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); line 4 the event does not come; line 5 leaves without a release',
  },
  {
    name: 'one event of two', cause: 'missed',
    source: "import { Pool } from 'pg'; const pool = new Pool();\nasync function load(rows, res) {\nconst client = await pool.connect();\nrows.on('end', () => client.release());\nrows.on('data', (row) => { rows.pause(); });\n}",
    message: '`client` from `pool.connect()` is not released if `rows` closes without `end`, which line 4 waits for. Release it on `close`, or on both `end` and `error` (`client.release()`).',
    path: 'line 3 acquired by pool.connect(); line 4 the event does not come; line 6 leaves without a release',
  },
  {
    name: 'a callback that returns early', cause: 'return',
    source: "import { Pool } from 'pg'; const pool = new Pool();\nexport function load(cb) {\npool.connect((err, client, done) => {\nif (err) return cb(err);\nclient.query('select 1', (failure) => {\nif (failure) return cb(failure);\ndone();\n});\n});\n}",
    message: '`client` from `pool.connect(…)` is not released before the `return` on line 6. Release it on every path through the callback (`client.release()`).',
    path: 'line 3 acquired by pool.connect(…); line 6 return; leaves without a release',
  },
  {
    name: 'a second release in a callback', cause: 'double-release',
    source: "import { Pool } from 'pg'; const pool = new Pool();\npool.connect((err, client, done) => {\nif (err) return;\nclient.release();\ndone();\n});",
    message: '`client` was already released on line 4: the second release throws. Release it once, on each path through the callback.',
    path: 'line 2 acquired by pool.connect(…); line 4 released by client.release(); line 5 released again',
  },
  {
    name: 'a second release after an error', cause: 'double-release',
    source: inFunction(`${TAKE}\ntry {\nclient.release();\nid();\n} catch {\nclient.release();\n}`),
    message: '`client` was already released on line 5 if `id()` on line 6 throws: the second release throws. Release it once, in a `finally` block.',
    path: 'line 3 acquired by pool.connect(); line 5 released by client.release(); line 6 id() throws; line 8 released again',
  },
  {
    name: 'a second release behind a test', cause: 'double-release',
    source: inFunction(`${TAKE}\nif (id) client.release();\nclient.release();`),
    message: '`client` was already released on line 4 when `id` on line 4 is truthy: the second release throws. Release it once, in a `finally` block.',
    path: 'line 3 acquired by pool.connect(); line 4 id is true; released by client.release(); line 5 released again',
  },
  {
    name: 'a release in a loop', cause: 'double-release',
    source: inFunction(`${TAKE}\ndo {\nclient.release();\n} while (id());`),
    message: '`client` was already released by the same call before: the second release throws. Release it once, in a `finally` block.',
    path: 'line 3 acquired by pool.connect(); line 5 released by client.release(); released again',
  },
  {
    name: 'a second release that throws', cause: 'double-release',
    source: inFunction(`${TAKE}\nclient.release();\nclient.release();`),
    message: '`client` was already released on line 4: the second release throws. Release it once, in a `finally` block.',
    path: 'line 3 acquired by pool.connect(); line 4 released by client.release(); line 5 released again',
  },
  {
    name: 'a second release that gives it away', cause: 'double-release',
    source: "import { createPool } from 'mysql2/promise'; const pool = createPool({});\nasync function load() {\nconst c = await pool.getConnection();\nc.release();\nc.release();\n}",
    message: '`c` was already released on line 4: the second release gives away a connection that somebody else may hold by now. Release it once, in a `finally` block.',
    path: 'line 3 acquired by pool.getConnection(); line 4 released by c.release(); line 5 released again',
  },
  {
    name: 'a use after the release', cause: 'use-after-release',
    source: inFunction(`${TAKE}\nclient.release();\nawait client.query('select 1');`),
    message: "`client.query('…')` uses `client` after its release on line 4: it runs on a connection that somebody else may hold by now. Move the release behind the last use.",
    path: 'line 3 acquired by pool.connect(); line 4 released by client.release(); line 5 used',
  },
  {
    name: 'a use after the release that an error leads to', cause: 'use-after-release',
    source: inFunction(`${TAKE}\ntry {\nclient.release();\nid();\n} catch {\nawait client.query('rollback');\n}`),
    message: "`client.query('…')` uses `client` after its release on line 5 if `id()` on line 6 throws: it runs on a connection that somebody else may hold by now. Move the release behind the last use.",
    path: 'line 3 acquired by pool.connect(); line 5 released by client.release(); line 6 id() throws; line 8 used',
  },
  {
    name: 'the loser of a race', cause: 'outrun',
    source: "import { Pool } from 'pg';\nconst pool = new Pool();\nasync function load() {\nconst client = await Promise.race([pool.connect(), new Promise((resolve) => setTimeout(resolve, 100))]);\nclient?.release();\n}",
    message: 'The client from `pool.connect()` is not released if `new Promise((resolve) => setTimeout(resolve, 100))` on line 4 is faster. Keep its promise in a variable and release what comes late (`client.release()`).',
    path: 'line 4 acquired by pool.connect(); new Promise((resolve) => setTimeout(resolve, 100)) is faster; line 6 leaves without a release',
  },
  {
    name: 'a pool per call', cause: 'root-per-call',
    source: "import { Pool } from 'pg';\nexport async function load() {\nconst own = new Pool({ password: 'secret' });\nawait own.query('select 1');\n}",
    message: "`new Pool({ password: '…' })` makes another pool (up to 10 connections) on each call of `load`, and nothing closes it: what it opened stays open for 10 seconds after its last use. Make it once, at the top level of a module, and share it; or close it in a `finally` block (`own.end()`).",
    path: "line 3 acquired by new Pool({ password: '…' }); line 5 leaves without a release",
  },
  {
    name: 'a pool that is closed when nothing throws', cause: 'root-per-call',
    source: "import { createPool } from 'mysql2/promise';\napp.get('/', async () => {\nconst own = createPool({});\nawait own.query('select 1');\nawait own.end();\n});",
    message: "`createPool({})` makes another pool (up to 10 connections) each time the function that line 2 registers is called, and it is not closed if `own.query('…')` on line 4 throws: what it opened stays open as long as the process lives. Make it once, at the top level of a module, and share it; or close it in a `finally` block (`own.end()`).",
    path: "line 3 acquired by createPool({}); line 4 own.query('…') throws; leaves with the error",
  },
  {
    name: 'a client per turn', cause: 'root-per-call',
    source: "import Redis from 'ioredis';\nexport async function load(urls) {\nfor (const url of urls) {\nnew Redis(url).get('key');\n}\n}",
    message: "`new Redis(url)` makes another client (a connection, and opens it again whenever it is lost) in each turn of the loop on line 3, and nothing closes it: what it opened stays open as long as the process lives. Make it once, at the top level of a module, and share it; or close it in a `finally` block (`client.quit()`).",
    path: 'line 4 acquired by new Redis(url); line 6 leaves without a release',
  },
  {
    name: 'a use that fails', cause: 'use-after-release',
    source: "import { Client } from 'pg';\nasync function load() {\nconst client = new Client();\nawait client.connect();\nawait client.end();\nawait client.query('select 1');\n}",
    message: "`client.query('…')` uses `client` after its release on line 5: it fails. Move the release behind the last use.",
    path: 'line 4 acquired by client.connect(); line 5 released by client.end(); line 6 used',
  },
  {
    name: 'a field', cause: 'stored',
    source: "import { Pool } from 'pg'; const pool = new Pool();\nexport class Orders {\nasync init() {\nthis.client = await pool.connect();\n}\n}",
    message: 'The client from `pool.connect()` is kept in `this.client` on line 4 and never given back: one connection of the pool is gone for as long as the `Orders` lives, and all its users share one session. Keep the pool instead, and take a client for each operation.',
    path: 'line 4 acquired by pool.connect(); kept by this.client = await pool.connect()',
  },
  {
    name: 'a variable of the module, for LISTEN', cause: 'stored',
    source: "import { Pool } from 'pg'; const pool = new Pool();\nlet client;\nexport async function start() {\nconst one = await pool.connect();\none.query('LISTEN jobs').catch(() => {});\nclient = one;\n}",
    message: 'The client from `pool.connect()` is kept in `client` on line 6 and never given back: one connection of the pool is gone for as long as the process lives, and all its users share one session. `LISTEN` and advisory locks want a connection of their own, outside the pool.',
    path: 'line 4 acquired by pool.connect(); line 6 kept by client = one',
  },
  {
    name: 'a constructor', cause: 'stored',
    source: "import { Pool } from 'pg'; const pool = new Pool();\nclass Loader { constructor(client) { this.client = client; } run() { return this.client.query('copy'); } }\nexport async function load() {\nreturn new Loader(await pool.connect());\n}",
    message: 'The client from `pool.connect()` is kept by `new Loader(await pool.connect())` on line 4 and never given back: one connection of the pool is gone for as long as the `Loader` lives, and all its users share one session. Keep the pool instead, and take a client for each operation.',
    path: 'line 4 acquired by pool.connect(); kept by new Loader(await pool.connect())',
  },
  {
    name: 'a variable of a closure', cause: 'stored',
    source: "import { Pool } from 'pg'; const pool = new Pool();\nexport function make() {\nlet own;\nreturn async () => {\nown ??= await pool.connect();\nreturn own.query('select 1');\n};\n}",
    message: 'The client from `pool.connect()` is kept in `own` on line 5 and never given back: one connection of the pool is gone for as long as the closure lives, and all its users share one session. Keep the pool instead, and take a client for each operation.',
    path: 'line 5 acquired by pool.connect(); kept by own ??= await pool.connect()',
  },
  {
    name: 'an object of a class that gives it back', cause: 'end',
    source: "import { Pool } from 'pg'; const pool = new Pool();\nclass Session { constructor() { this.ready = pool.connect(); } async close() { (await this.ready).release(); } }\nexport async function load() {\nconst session = new Session();\nawait session.ready;\n}",
    message: '`session.ready` from `new Session()` is never released. Release it in a `finally` block (`session.close()`).',
    path: 'line 4 acquired by new Session(); line 6 leaves without a release',
  },
  {
    name: 'a client on each run', cause: 'prisma-client',
    source: "import { PrismaClient } from '@prisma/client';\nexport async function load(id) {\nconst prisma = new PrismaClient();\nreturn prisma.user.findUnique({ where: { id } });\n}",
    message: '`new PrismaClient()` opens a connection pool of its own on each run of `load`, and nothing closes it. Make one client at the top level of a module, and import that.',
    path: 'line 3 acquired by new PrismaClient(); line 4 return; leaves without a release',
  },
  {
    name: 'a client that is closed when all goes well', cause: 'prisma-client',
    source: "import { PrismaClient } from '@prisma/client';\nexport async function load() {\nconst prisma = new PrismaClient();\nawait prisma.user.count();\nawait prisma.$disconnect();\n}",
    message: '`new PrismaClient()` opens a connection pool of its own on each run of `load`, and it stays open if `prisma.user.count()` on line 4 throws. Make one client at the top level of a module, and import that.',
    path: 'line 3 acquired by new PrismaClient(); line 4 prisma.user.count() throws; leaves with the error',
  },
  {
    name: 'a client in a loop', cause: 'prisma-client',
    source: "import { PrismaClient } from '@prisma/client';\nexport async function load(ids) {\nfor (const id of ids) {\nconst prisma = new PrismaClient();\nawait prisma.user.count({ id });\n}\n}",
    message: '`new PrismaClient()` opens a connection pool of its own on each turn of the loop on line 3, and nothing closes it. Make one client at the top level of a module, and import that.',
    path: 'line 4 acquired by new PrismaClient(); line 7 leaves without a release',
  },
  {
    name: 'a client for each object', cause: 'prisma-client',
    source: "import { PrismaClient } from '@prisma/client';\nclass Users {\nprisma = new PrismaClient();\n}\nexport const handler = (req, res) => res.json(new Users().prisma.user.count());",
    message: '`new PrismaClient()` opens a connection pool of its own for each object of the class, and line 5 makes one on each run. Make one client at the top level of a module, and import that.',
    path: 'line 3 client made',
  },
  {
    name: 'a second client', cause: 'prisma-client',
    source: "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\nconst other = new PrismaClient();",
    message: "`new PrismaClient()` opens a second connection pool for the same database: the client of the project is made on line 2. Use that one.",
    path: 'line 3 client made; line 2 client of the same database made',
  },
  {
    name: 'a singleton that nobody reads', cause: 'prisma-client',
    source: "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\nglobalThis.prisma = prisma;",
    message: '`globalThis.prisma` is written on line 3 and never read, so each time this module is loaded anew `new PrismaClient()` opens another connection pool. Make the client only where there is none (`globalThis.prisma ??= …`).',
    path: 'line 2 client made; line 3 globalThis.prisma unread',
  },
];

describe('messages', () => {
  it.each(ROWS)('$name', ({ source, cause, message, path }) => {
    const [finding, ...others] = findingsIn(source);
    expect(others).toEqual([]);
    expect(finding && { cause: finding.kind === 'leak' ? finding.cause.kind : finding.kind, message: finding.message, path: printHistory(finding) }).toEqual({ cause, message, path });
  });

  it('there is a row for each kind and cause', () => {
    const kinds = { throws: 1, return: 1, end: 1, branch: 1, stop: 1, missed: 1, outrun: 1, 'not-disposable': 1, 'double-release': 1, 'use-after-release': 1, stored: 1, 'root-per-call': 1, 'prisma-client': 1 } satisfies Record<
      Exclude<Finding['kind'], 'leak' | 'manual-release'> | Extract<Finding, { kind: 'leak' }>['cause']['kind'], number>;
    expect([...new Set(ROWS.map((row) => row.cause))].sort()).toEqual(Object.keys(kinds).sort());
  });
});

describe('no message and no path shows the contents of a string', () => {
  const SECRET = 'hunter2';

  it.each([
    `new Pool('postgres://u:${SECRET}@h/d').connect()`,
    `new Pool({ password: "${SECRET}" }).connect()`,
    `new Pool(\`postgres://u:${SECRET}@\${host}/d\`).connect()`,
    `new Pool(\`postgres://\${user('${SECRET}')}\`).connect()`,
    `new Pool(\`a \${f(\`b ${SECRET} \${g()} c\`)} d ${SECRET}\`).connect()`,
    `new Pool('it\\'s ${SECRET}').connect()`,
    `new Pool({ "a": /['"]/, b: '${SECRET}' }).connect()`,
    `new Pool({ a: 1 /* don't */, b: '${SECRET}' }).connect()`,
    `new Pool(/\`/, \`${SECRET}\`).connect()`,
    `pool.connect(/* ${SECRET} */)`,
  ])('%s', (acquire) => {
    const source = `import { Pool } from 'pg'; const pool = new Pool();\nasync function f() { const c = await ${acquire}; await c.query('${SECRET}', \`${SECRET} \${x} ${SECRET}\`); c.release(); }`;
    const findings = findingsIn(source);
    expect(findings.length).toBe(1);
    for (const finding of findings) expect(`${finding.message} ${printHistory(finding)}`).not.toContain(SECRET);
  });

  it('in the findings of all fixtures and of generated programs', () => {
    const sources = [...corpusFiles('tests/fixtures'), ...Array.from({ length: 200 }, (_, index) => ({ text: generateProgram(41, index).source, options: {} }))];
    let quoted = 0;
    for (const { text, options } of sources) {
      for (const finding of findingsIn(text, options)) {
        const shown = `${finding.message} ${printHistory(finding)}`;
        for (const [, contents] of shown.matchAll(/'([^']*)'/g)) {
          quoted++;
          expect(['', '…'], shown).toContain(contents);
        }
      }
    }
    expect(quoted).toBeGreaterThan(20);
  });
});
