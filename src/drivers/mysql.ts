import type { Driver, ExportRow, MemberRow, ReleaseRow, TypeRow } from './driver.ts';

/** Throws "Connection already released" while nobody else has it (run on 2.18.1), frees the lease of whoever has it otherwise. */
const RELEASE: ReleaseRow = { effect: 'release', again: 'throws' };

const GET_CONNECTION: MemberRow = { effect: 'acquire', yields: 'PoolConnection', style: 'callback', callback: { handle: 1 } };

/** A query that fails emits `error` and then `end` too (read: lib/protocol/sequences/Sequence.js; in mysql2 lib/commands/command.js). */
export const MYSQL_QUERY: MemberRow = { effect: 'use', lastEvent: 'end' };

/** What the API with callbacks exports, here and in mysql2, which was made after it. */
export const MYSQL_EXPORTS: Readonly<Record<string, ExportRow>> = {
  createPool: { is: 'factory', type: 'Pool' },
  createPoolCluster: { is: 'factory', type: 'PoolCluster' },
  Pool: { is: 'type', type: 'Pool' },
  PoolCluster: { is: 'type', type: 'PoolCluster' },
  PoolConnection: { is: 'type', type: 'PoolConnection' },
  Connection: { is: 'type', type: 'Connection' },
};

/** A pool that hands out by a callback. */
export const MYSQL_POOL: TypeRow = {
  noun: 'pool',
  root: { holds: 'up to 10 connections', close: '$.end()' },
  // With the callback of the query, which gets the error where no connection could be taken (read: lib/Pool.js).
  singleShot: ['query'],
  members: { getConnection: GET_CONNECTION, end: { effect: 'ends' } },
};

/** `createPoolCluster()`, and the namespace that `cluster.of(pattern)` gives. */
export const MYSQL_POOL_CLUSTER: TypeRow = {
  noun: 'pool cluster',
  root: { holds: 'a pool for each of its nodes', close: '$.end()' },
  members: { getConnection: GET_CONNECTION, end: { effect: 'ends' }, of: { effect: 'returns', type: 'PoolCluster' } },
};

/** A connection of a pool. */
export const MYSQL_POOL_CONNECTION = {
  noun: 'connection',
  pooledBy: 'pool',
  giveBack: '$.release()',
  useAfterRelease: 'unguarded',
  members: {
    release: RELEASE,
    destroy: { effect: 'release', again: 'harmless', destroys: true },
    // Deprecated on a pooled connection, but it releases.
    end: RELEASE,
    query: MYSQL_QUERY,
  },
  takenBackBy: [{ on: 'pool', name: 'releaseConnection', release: RELEASE }],
} as const satisfies TypeRow;

/** The end of a connection of its own. */
export const MYSQL_CONNECTION_ENDS = {
  end: { effect: 'release', again: 'harmless' },
  destroy: { effect: 'release', again: 'harmless', destroys: true },
} as const;

/** mysql, the library with callbacks that mysql2 was made after. */
export const mysql: Driver = {
  library: 'mysql',
  modules: ['mysql'],
  source: 'https://github.com/mysqljs/mysql#pooling-connections; mysql 2.18.1 run against MariaDB 10.11 (facts/drivers.md, mysql)',
  traps: [
    '`createConnection()` connects nothing: `connect()` does, or the first query.',
    'A second release throws while nobody else has the connection; else it frees that of whoever has it by then.',
  ],
  exports: { ...MYSQL_EXPORTS, createConnection: { is: 'factory', type: 'Connection' } },
  types: {
    Pool: MYSQL_POOL,
    PoolCluster: MYSQL_POOL_CLUSTER,
    PoolConnection: MYSQL_POOL_CONNECTION,
    // `createConnection()` connects nothing: `connect()` does, or the first command.
    Connection: {
      noun: 'connection',
      giveBack: '$.end()',
      useAfterRelease: 'throws',
      members: {
        connect: { effect: 'open', reports: 'construction' },
        query: { effect: 'open', reports: 'construction', implied: true, lastEvent: 'end' },
        beginTransaction: { effect: 'open', reports: 'construction', implied: true },
        ping: { effect: 'open', reports: 'construction', implied: true },
        changeUser: { effect: 'open', reports: 'construction', implied: true },
        ...MYSQL_CONNECTION_ENDS,
      },
    },
  },
};
