import type { Driver, ReleaseRow, TypeRow } from './driver.ts';

/** A promise that is fulfilled the second time too; a stale release frees the lease of the next holder (run). */
const RELEASE: ReleaseRow = { effect: 'release', again: 'gives-away', mayReject: true };

const POOL_CONNECTION: TypeRow = {
  noun: 'connection',
  pooledBy: 'pool',
  giveBack: 'await $.release()',
  sends: ['query', 'execute', 'batch', 'beginTransaction', 'commit', 'rollback'],
  useAfterRelease: 'unguarded',
  members: { release: RELEASE, end: RELEASE, close: RELEASE, destroy: { effect: 'release', again: 'harmless', destroys: true } },
  dispose: { kind: 'async', effect: 'release', since: '3.5.1' },
};

const CONNECTION: TypeRow = {
  noun: 'connection',
  ending: 'close',
  giveBack: 'await $.end()',
  useAfterRelease: 'throws',
  members: {
    end: { effect: 'release', again: 'harmless', mayReject: true },
    close: { effect: 'release', again: 'harmless', mayReject: true },
    destroy: { effect: 'release', again: 'harmless', destroys: true },
  },
  dispose: { kind: 'async', effect: 'release', since: '3.5.1' },
};

const POOL_ROOT = { holds: '10 connections, opened at once', close: '$.end()' };
const CLUSTER_ROOT = { holds: 'a pool for each of its nodes', close: '$.end()' };

const TYPES = {
  Pool: { is: 'type', type: 'Pool' },
  PoolCluster: { is: 'type', type: 'PoolCluster' },
  FilteredPoolCluster: { is: 'type', type: 'Namespace' },
  PoolConnection: { is: 'type', type: 'PoolConnection' },
  Connection: { is: 'type', type: 'Connection' },
} as const;

/** MariaDB's driver. A pool opens its connections at once, not at the first query. A release rolls an open transaction back (run). */
export const mariadb: Driver = {
  library: 'mariadb',
  modules: ['mariadb', 'mariadb/promise'],
  source: 'https://mariadb.com/docs/connectors/mariadb-connector-nodejs/connector-nodejs-promise-api; run against MariaDB 10.11 (facts/drivers.md)',
  example: {
    setup: ["import mariadb from 'mariadb';", "const pool = mariadb.createPool('mariadb://localhost/shop');"],
    take: ['const connection = await pool.getConnection();'],
    use: ["await connection.query('UPDATE orders SET open = 0');"],
  },
  traps: [
    'A pool opens all of its connections at once, not at the first query.',
    'A release rolls an open transaction back, but session variables stay.',
    '`pool.end()` waits for connections that are out, for ever.',
  ],
  exports: {
    createPool: { is: 'factory', type: 'Pool' },
    createPoolCluster: { is: 'factory', type: 'PoolCluster' },
    createConnection: { is: 'acquire', yields: 'Connection', style: 'promise' },
    ...TYPES,
  },
  types: {
    Pool: {
      noun: 'pool',
      root: POOL_ROOT,
      members: { end: { effect: 'ends' }, getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'promise' } },
    },
    PoolCluster: {
      noun: 'pool cluster',
      root: CLUSTER_ROOT,
      members: {
        end: { effect: 'ends' },
        of: { effect: 'returns', type: 'Namespace', keeps: true },
        getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'promise' },
      },
    },
    Namespace: {
      noun: 'pool cluster',
      members: { getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'promise' } },
    },
    PoolConnection: POOL_CONNECTION,
    Connection: CONNECTION,
  },
};

const CALLBACK = { effect: 'acquire', yields: 'PoolConnection', style: 'callback', callback: { handle: 1 } } as const;

/** The same with callbacks. */
export const mariadbCallback: Driver = {
  library: 'mariadb/callback',
  modules: ['mariadb/callback'],
  source: 'https://mariadb.com/docs/connectors/mariadb-connector-nodejs/connector-nodejs-callback-api; run against MariaDB 10.11 (facts/drivers.md)',
  exports: { createPool: { is: 'factory', type: 'Pool' }, createPoolCluster: { is: 'factory', type: 'PoolCluster' }, ...TYPES },
  types: {
    Pool: { noun: 'pool', root: POOL_ROOT, members: { end: { effect: 'ends' }, getConnection: CALLBACK } },
    PoolCluster: {
      noun: 'pool cluster',
      root: CLUSTER_ROOT,
      members: { end: { effect: 'ends' }, of: { effect: 'returns', type: 'Namespace', keeps: true }, getConnection: CALLBACK },
    },
    Namespace: { noun: 'pool cluster', members: { getConnection: CALLBACK } },
    PoolConnection: { ...POOL_CONNECTION, giveBack: '$.release()' },
    Connection: CONNECTION,
  },
};
