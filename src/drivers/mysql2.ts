import type { Driver, MemberRow, ReleaseRow, TypeRow } from './driver.ts';

/**
 * A wrapper is made anew for each `getConnection()`, but a stale wrapper's release frees the lease of the next holder
 * (run on 3.24.5: a third `getConnection()` got the connection while it was held).
 */
const RELEASE: ReleaseRow = { effect: 'release', again: 'gives-away' };

const PROMISE_POOL_CONNECTION: TypeRow = {
  noun: 'connection',
  failsLater: true,
  giveBack: '$.release()',
  sends: ['query', 'execute', 'beginTransaction', 'commit', 'rollback'],
  useAfterRelease: 'unguarded',
  members: {
    release: RELEASE,
    // After a release it destroys the connection under whoever holds it by now; after `destroy()` a release finds nothing.
    destroy: { ...RELEASE, destroys: true },
    // Deprecated on a pooled connection, but it releases.
    end: RELEASE,
    // The core connection of the same lease (read: lib/promise/pool_connection.js); its methods take callbacks.
    connection: { effect: 'self' },
  },
  // Calls the connection's own `release()` (read: lib/promise/pool.js).
  takenBackBy: [{ on: 'pool', name: 'releaseConnection', release: RELEASE }],
  dispose: { kind: 'async', effect: 'release', since: '3.18.0' },
};

const PROMISE_CONNECTION: TypeRow = {
  noun: 'connection',
  failsLater: true,
  giveBack: '$.end()',
  useAfterRelease: 'throws',
  members: {
    end: { effect: 'release', again: 'harmless' },
    destroy: { effect: 'release', again: 'harmless', destroys: true },
  },
  dispose: { kind: 'async', effect: 'release', since: '3.18.0' },
};

const PROMISE_POOL: TypeRow = {
  noun: 'pool',
  root: { holds: 'up to 10 connections', close: '$.end()' },
  failsLater: true,
  giveBack: '',
  members: { getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'promise' }, end: { effect: 'ends' } },
};

/** `createPoolCluster()`, and the namespace that `cluster.of(pattern)` gives. */
const PROMISE_CLUSTER: TypeRow = {
  noun: 'pool cluster',
  root: { holds: 'a pool for each of its nodes', close: '$.end()' },
  failsLater: true,
  giveBack: '',
  members: {
    getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'promise' },
    of: { effect: 'returns', type: 'PoolCluster' },
    end: { effect: 'ends' },
  },
};

/** mysql2 with promises: `createPool` is synchronous, `createConnection` gives a promise of a connection that is already open. */
export const mysql2Promise: Driver = {
  library: 'mysql2/promise',
  modules: ['mysql2/promise', 'mysql2/promise.js'],
  source: 'https://sidorares.github.io/node-mysql2/docs; mysql2 3.24.5 run against MariaDB 10.11 (facts/drivers.md, mysql2/promise)',
  exports: {
    createPool: { is: 'factory', type: 'Pool' },
    createPoolCluster: { is: 'factory', type: 'PoolCluster' },
    createConnection: { is: 'acquire', yields: 'Connection', style: 'promise' },
    Pool: { is: 'type', type: 'Pool' },
    PoolCluster: { is: 'type', type: 'PoolCluster' },
    PoolNamespace: { is: 'type', type: 'PoolCluster' },
    PoolConnection: { is: 'type', type: 'PoolConnection' },
    Connection: { is: 'type', type: 'Connection' },
  },
  types: { Pool: PROMISE_POOL, PoolCluster: PROMISE_CLUSTER, PoolConnection: PROMISE_POOL_CONNECTION, Connection: PROMISE_CONNECTION },
};

/** A query that fails emits `error` and then `end` too (read: lib/commands/command.js). */
const QUERY: MemberRow = { effect: 'use', lastEvent: 'end' };

/** The same object comes back from the pool, so a stale release frees the lease of the next holder (read: lib/pool_connection.js). */
const CALLBACK_POOL_CONNECTION: TypeRow = {
  noun: 'connection',
  failsLater: true,
  giveBack: '$.release()',
  useAfterRelease: 'unguarded',
  members: {
    release: RELEASE,
    destroy: { ...RELEASE, destroys: true },
    // Deprecated on a pooled connection, but it releases.
    end: RELEASE,
    promise: { effect: 'self' },
    query: QUERY,
    execute: QUERY,
  },
  takenBackBy: [{ on: 'pool', name: 'releaseConnection', release: RELEASE }],
  dispose: { kind: 'sync', effect: 'release', since: '3.18.0' },
};

const CALLBACK_CONNECTION: TypeRow = {
  noun: 'connection',
  failsLater: true,
  giveBack: '$.end()',
  useAfterRelease: 'throws',
  members: {
    end: { effect: 'release', again: 'harmless' },
    destroy: { effect: 'release', again: 'harmless', destroys: true },
    promise: { effect: 'self' },
    query: QUERY,
    execute: QUERY,
  },
  dispose: { kind: 'sync', effect: 'release', since: '3.18.0' },
};

/** mysql2 with callbacks; `pool.promise()` is the pool of `mysql2/promise`. `createConnection` connects at once. */
export const mysql2: Driver = {
  library: 'mysql2',
  modules: ['mysql2'],
  source: 'https://sidorares.github.io/node-mysql2/docs; mysql2 3.24.5 run against MariaDB 10.11 (facts/drivers.md, mysql2)',
  exports: {
    createPool: { is: 'factory', type: 'CallbackPool' },
    createPoolCluster: { is: 'factory', type: 'CallbackPoolCluster' },
    createConnection: { is: 'acquire', yields: 'CallbackConnection', style: 'direct' },
    Pool: { is: 'type', type: 'CallbackPool' },
    PoolCluster: { is: 'type', type: 'CallbackPoolCluster' },
    PoolNamespace: { is: 'type', type: 'CallbackPoolCluster' },
    PoolConnection: { is: 'type', type: 'CallbackPoolConnection' },
    Connection: { is: 'type', type: 'CallbackConnection' },
  },
  types: {
    CallbackPool: {
      noun: 'pool',
      root: { holds: 'up to 10 connections', close: '$.end()' },
      failsLater: true,
      giveBack: '',
      members: {
        getConnection: { effect: 'acquire', yields: 'CallbackPoolConnection', style: 'callback', callback: { handle: 1 } },
        end: { effect: 'ends' },
        promise: { effect: 'returns', type: 'Pool' },
      },
    },
    CallbackPoolCluster: {
      noun: 'pool cluster',
      root: { holds: 'a pool for each of its nodes', close: '$.end()' },
      failsLater: true,
      giveBack: '',
      members: {
        getConnection: { effect: 'acquire', yields: 'CallbackPoolConnection', style: 'callback', callback: { handle: 1 } },
        end: { effect: 'ends' },
        of: { effect: 'returns', type: 'CallbackPoolCluster' },
      },
    },
    CallbackPoolConnection: CALLBACK_POOL_CONNECTION,
    CallbackConnection: CALLBACK_CONNECTION,
    Pool: PROMISE_POOL,
    PoolConnection: PROMISE_POOL_CONNECTION,
  },
};
