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
    name: 'the end of the function', cause: 'end',
    source: inFunction(`${TAKE}\nif (id) client.release();`),
    message: `\`client\` from \`pool.connect()\` is not released on a path that reaches the end of \`load\`. ${RELEASE}`,
    path: 'line 3 acquired by pool.connect(); line 5 leaves without a release',
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
    name: 'the loser of a race', cause: 'outrun',
    source: "import { Pool } from 'pg';\nconst pool = new Pool();\nasync function load() {\nconst client = await Promise.race([pool.connect(), new Promise((resolve) => setTimeout(resolve, 100))]);\nclient?.release();\n}",
    message: 'The client from `pool.connect()` is not released if `new Promise((resolve) => setTimeout(resolve, 100))` on line 4 is faster. Release it in a `finally` block (`client.release()`).',
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
    const kinds = { throws: 1, return: 1, end: 1, stop: 1, missed: 1, outrun: 1, 'not-disposable': 1, 'double-release': 1, 'use-after-release': 1, 'root-per-call': 1, 'prisma-client': 1 } satisfies Record<
      Exclude<Finding['kind'], 'leak'> | Extract<Finding, { kind: 'leak' }>['cause']['kind'], number>;
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
