import type { Driver, ReleaseRow, TypeRow } from './driver.ts';

/** A database in the process: usually open for as long as that lives. */
const DATABASE = { noun: 'database', ending: 'close', giveBack: '$.close()', mayStay: true, members: {} } as const satisfies TypeRow;

/** One whose methods do their work at once, and which is open from its construction on. */
const SYNCHRONOUS = { ...DATABASE, isOpenWhenMade: true, failsAtOnce: true } as const satisfies TypeRow;

/** A second one fails with SQLITE_MISUSE (facts/drivers.md). */
const CLOSE: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

const IS_KEPT = 'It is meant to be kept: code that never closes it is right. Code that closes it where all goes well owes that where something fails, too.';
const SQL = 'UPDATE orders SET is_open = 0';

/** better-sqlite3: the module is the class. */
export const betterSqlite3: Driver = {
  library: 'better-sqlite3',
  modules: ['better-sqlite3'],
  source: 'https://github.com/WiseLibs/better-sqlite3/blob/master/docs/api.md#close---this; better-sqlite3 12.11.1 and its types read (facts/drivers.md)',
  example: {
    setup: ["import Database from 'better-sqlite3';"],
    take: ["const database = new Database('shop.db');"],
    use: [`database.prepare('${SQL}').run();`],
  },
  traps: [
    IS_KEPT,
    '`database.transaction(fn)` gives a function: nothing is held until it is called, nor afterwards.',
  ],
  itself: { is: 'class', type: 'Database' },
  exports: {},
  types: {
    Database: {
      ...SYNCHRONOUS,
      members: { close: { effect: 'release', again: 'harmless' }, open: { effect: 'tells', by: 'property', released: false } },
    },
  },
};

/** SQLite in Node itself. */
export const nodeSqlite: Driver = {
  library: 'node:sqlite',
  modules: ['node:sqlite'],
  source: 'https://nodejs.org/api/sqlite.html#databaseclose; run on Node 22.23 and 24.21 (facts/drivers.md)',
  example: {
    setup: ["import { DatabaseSync } from 'node:sqlite';"],
    take: ["const database = new DatabaseSync('shop.db');"],
    use: [`database.exec('${SQL}');`],
  },
  traps: [
    IS_KEPT,
    'A second `close()` throws (ERR_INVALID_STATE); leaving the scope of `using` does not.',
  ],
  exports: { DatabaseSync: { is: 'class', type: 'DatabaseSync' } },
  types: {
    DatabaseSync: {
      ...SYNCHRONOUS,
      members: { close: { effect: 'release', again: 'throws' } },
      dispose: { kind: 'sync', effect: 'release', since: '22.15.0' },
    },
  },
};

/** sqlite3: callbacks. `verbose()` gives the module again. */
export const sqlite3: Driver = {
  library: 'sqlite3',
  modules: ['sqlite3'],
  source: 'https://github.com/TryGhost/node-sqlite3/wiki/API#close; sqlite3 6.0.1 read (facts/drivers.md)',
  traps: [
    IS_KEPT,
    'A second `close()` fails (SQLITE_MISUSE).',
  ],
  exports: { Database: { is: 'class', type: 'Database' }, verbose: { is: 'maker', of: { is: 'namespace' } } },
  types: { Database: { ...DATABASE, isOpenWhenMade: true, members: { close: CLOSE } } },
};

/** sqlite: promises over sqlite3. */
export const sqlite: Driver = {
  library: 'sqlite',
  modules: ['sqlite'],
  source: 'https://github.com/kriasoft/node-sqlite#opening-the-database; sqlite 5.1.1 read (facts/drivers.md)',
  example: {
    setup: ["import { open } from 'sqlite';", "import sqlite3 from 'sqlite3';"],
    take: ["const database = await open({ filename: 'shop.db', driver: sqlite3.Database });"],
    use: [`await database.run('${SQL}');`],
  },
  traps: [
    IS_KEPT,
  ],
  exports: { open: { is: 'acquire', yields: 'Database', style: 'promise' }, Database: { is: 'type', type: 'Database' } },
  types: { Database: { ...DATABASE, giveBack: 'await $.close()', members: { close: CLOSE } } },
};
