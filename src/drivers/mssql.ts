import type { Driver, MemberRow, ReleaseRow, TypeRow } from './driver.ts';

/** A second end rejects with ENOTBEGUN, or EABORT after the server aborted it (read). */
const END: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

/** There is no connection object: a transaction holds a connection from `begin()` on. */
const TRANSACTION: TypeRow = {
  noun: 'transaction',
  pooledBy: 'pool',
  ending: 'commit or rollback',
  giveBack: 'await $.rollback()',
  members: { begin: { effect: 'open' }, commit: END, rollback: END },
};

/** Holds a connection from `prepare()` on. */
const PREPARED_STATEMENT: TypeRow = {
  noun: 'prepared statement',
  giveBack: 'await $.unprepare()',
  useAfterRelease: 'throws',
  members: { prepare: { effect: 'open' }, unprepare: END },
};

const MEMBERS: Readonly<Record<string, MemberRow>> = {
  close: { effect: 'ends' },
  connect: { effect: 'self' },
  transaction: { effect: 'returns', type: 'Transaction' },
};

/** mssql: `sql.connect()` answers with the one global pool, so it is no construction. */
export const mssql: Driver = {
  library: 'mssql',
  modules: ['mssql', 'mssql/msnodesqlv8', 'mssql/tedious'],
  source: 'https://tediousjs.github.io/node-mssql/#transactions; mssql 12.7.14, read (facts/drivers.md)',
  example: {
    setup: ["import sql from 'mssql';", "const pool = new sql.ConnectionPool('mssql://localhost');"],
    take: ['const transaction = pool.transaction();', 'await transaction.begin();'],
    use: ["await transaction.request().query('UPDATE orders SET isOpen = 0');"],
  },
  traps: [
    'There is no connection object: a transaction holds one from `begin()` on, a prepared statement from `prepare()` on.',
    'A request gives its connection back by itself.',
    '`sql.connect()` answers with the one global pool.',
    'After an error that makes the server abort the transaction, `rollback()` rejects too (EABORT).',
  ],
  exports: {
    ConnectionPool: { is: 'class', type: 'ConnectionPool' },
    connect: { is: 'factory', type: 'GlobalPool', gives: 'promise' },
    Transaction: { is: 'class', type: 'Transaction' },
    PreparedStatement: { is: 'class', type: 'PreparedStatement' },
    Request: { is: 'class', type: 'Request' },
  },
  types: {
    ConnectionPool: { noun: 'pool', root: { holds: 'up to 10 connections', close: '$.close()', stays: 'for 30 seconds after its last use' }, members: MEMBERS },
    GlobalPool: { noun: 'pool', members: MEMBERS },
    Transaction: TRANSACTION,
    Request: { noun: 'request', borrows: true, members: {} },
    PreparedStatement: PREPARED_STATEMENT,
  },
};
