import type { Driver, MemberRow, ReleaseRow, TypeRow } from './driver.ts';

/** Throws "Connection already released" while nobody else has it (run on 2.18.1), frees the lease of whoever has it otherwise. */
const RELEASE: ReleaseRow = { effect: 'release', again: 'throws' };

/** A query that fails emits `error` and then `end` too (read: lib/protocol/sequences/Sequence.js). */
const QUERY: MemberRow = { effect: 'use', lastEvent: 'end' };

const POOL_CONNECTION: TypeRow = {
  noun: 'connection',
  failsLater: true,
  giveBack: '$.release()',
  useAfterRelease: 'unguarded',
  members: {
    release: RELEASE,
    destroy: { effect: 'release', again: 'harmless', destroys: true },
    // Deprecated on a pooled connection, but it releases.
    end: RELEASE,
    query: QUERY,
  },
  takenBackBy: [{ on: 'pool', name: 'releaseConnection', release: RELEASE }],
};

/** `createConnection()` connects nothing: `connect()` does, or the first command. */
const CONNECTION: TypeRow = {
  noun: 'connection',
  failsLater: true,
  giveBack: '$.end()',
  useAfterRelease: 'throws',
  members: {
    connect: { effect: 'open', reports: 'construction' },
    query: { effect: 'open', reports: 'construction', implied: true, lastEvent: 'end' },
    beginTransaction: { effect: 'open', reports: 'construction', implied: true },
    ping: { effect: 'open', reports: 'construction', implied: true },
    changeUser: { effect: 'open', reports: 'construction', implied: true },
    end: { effect: 'release', again: 'harmless' },
    destroy: { effect: 'release', again: 'harmless', destroys: true },
  },
};

/** mysql, the library with callbacks that mysql2 was made after. */
export const mysql: Driver = {
  library: 'mysql',
  modules: ['mysql'],
  source: 'https://github.com/mysqljs/mysql#pooling-connections; mysql 2.18.1 run against MariaDB 10.11 (facts/drivers.md, mysql)',
  exports: {
    createPool: { is: 'factory', type: 'Pool' },
    createPoolCluster: { is: 'factory', type: 'PoolCluster' },
    createConnection: { is: 'factory', type: 'Connection' },
    Pool: { is: 'type', type: 'Pool' },
    PoolCluster: { is: 'type', type: 'PoolCluster' },
    PoolConnection: { is: 'type', type: 'PoolConnection' },
    Connection: { is: 'type', type: 'Connection' },
  },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'up to 10 connections', close: '$.end()' },
      failsLater: true,
      giveBack: '',
      members: {
        getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'callback', callback: { handle: 1 } },
        end: { effect: 'ends' },
      },
    },
    PoolCluster: {
      noun: 'pool cluster',
      root: { holds: 'a pool for each of its nodes', close: '$.end()' },
      failsLater: true,
      giveBack: '',
      members: {
        getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'callback', callback: { handle: 1 } },
        end: { effect: 'ends' },
        of: { effect: 'returns', type: 'PoolCluster' },
      },
    },
    PoolConnection: POOL_CONNECTION,
    Connection: CONNECTION,
  },
};
