import type { Driver, ExportRow, MemberRow, ReleaseRow, TypeRow } from './driver.ts';
import { MYSQL_CONNECTION_ENDS, MYSQL_EXPORTS, MYSQL_POOL, MYSQL_POOL_CLUSTER, MYSQL_POOL_CONNECTION, MYSQL_QUERY } from './mysql.ts';

/**
 * A wrapper is made anew for each `getConnection()`, but a stale wrapper's release frees the lease of the next holder
 * (run on 3.24.5: a third `getConnection()` got the connection while it was held). With callbacks the same object comes back
 * from the pool, so it does the same (read: lib/pool_connection.js).
 */
const RELEASE: ReleaseRow = { effect: 'release', again: 'gives-away' };

/** It does not wait for what is still out (run: facts/drivers.md, mysql2). */
const ENDS: MemberRow = { effect: 'ends', closesTaken: true };

/** A connection of a pool, with promises or with callbacks: that of mysql, but for what a second release does. */
const POOL_CONNECTION = {
  ...MYSQL_POOL_CONNECTION,
  // After a release `destroy()` destroys the connection under whoever holds it by now; after `destroy()` a release finds nothing.
  members: { release: RELEASE, end: RELEASE, destroy: { ...RELEASE, destroys: true } },
  // Calls the connection's own `release()` (read: lib/promise/pool.js).
  takenBackBy: [{ on: 'pool', name: 'releaseConnection', release: RELEASE }],
} as const satisfies TypeRow;

/** A connection of its own, with promises or with callbacks. */
const CONNECTION = { noun: 'connection', giveBack: '$.end()', useAfterRelease: 'throws', members: MYSQL_CONNECTION_ENDS } as const satisfies TypeRow;

const PROMISE_DISPOSE: TypeRow['dispose'] = { kind: 'async', effect: 'release', since: '3.18.0' };
const CALLBACK_DISPOSE: TypeRow['dispose'] = { kind: 'sync', effect: 'release', since: '3.18.0' };

const PROMISE_POOL_CONNECTION: TypeRow = {
  ...POOL_CONNECTION,
  sends: ['query', 'execute', 'beginTransaction', 'commit', 'rollback'],
  // `connection` is the core connection of the same lease (read: lib/promise/pool_connection.js); its methods take callbacks.
  members: { ...POOL_CONNECTION.members, connection: { effect: 'self' } },
  dispose: PROMISE_DISPOSE,
};

/** A pool that hands out by a promise. */
const PROMISE_POOL: TypeRow = {
  ...MYSQL_POOL,
  // Take a connection and release it when the result has come (read: lib/base/pool.js).
  singleShot: ['query', 'execute'],
  members: { getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'promise' }, end: ENDS },
};

const EXPORTS: Readonly<Record<string, ExportRow>> = { ...MYSQL_EXPORTS, PoolNamespace: { is: 'type', type: 'PoolCluster' } };

/** mysql2 with promises: `createPool` is synchronous, `createConnection` gives a promise of a connection that is already open. */
export const mysql2Promise: Driver = {
  library: 'mysql2/promise',
  modules: ['mysql2/promise', 'mysql2/promise.js'],
  source: 'https://sidorares.github.io/node-mysql2/docs; mysql2 3.24.5 run against MariaDB 10.11 (facts/drivers.md, mysql2/promise)',
  example: {
    setup: ["import mysql from 'mysql2/promise';", "const pool = mysql.createPool('mysql://localhost/shop');"],
    take: ['const connection = await pool.getConnection();'],
    use: ["await connection.query('UPDATE orders SET open = 0');"],
  },
  traps: [
    '`release()` does not end a transaction: the next borrower is in it.',
    'A wrapper that was released before frees the connection of whoever has it now when it is released again.',
    '`await using connection = await pool.getConnection()` releases (3.18.0); without the inner `await` it throws, and the connection is out.',
  ],
  exports: { ...EXPORTS, createConnection: { is: 'acquire', yields: 'Connection', style: 'promise' } },
  types: {
    Pool: PROMISE_POOL,
    PoolCluster: { ...MYSQL_POOL_CLUSTER, members: { ...MYSQL_POOL_CLUSTER.members, ...PROMISE_POOL.members } },
    PoolConnection: PROMISE_POOL_CONNECTION,
    Connection: { ...CONNECTION, giveBack: 'await $.end()', dispose: PROMISE_DISPOSE },
  },
};

const CALLBACK_MEMBERS: Readonly<Record<string, MemberRow>> = { promise: { effect: 'self' }, query: MYSQL_QUERY, execute: MYSQL_QUERY };

/** mysql2 with callbacks; `pool.promise()` is the pool of `mysql2/promise`. `createConnection` connects at once. */
export const mysql2: Driver = {
  library: 'mysql2',
  modules: ['mysql2'],
  source: 'https://sidorares.github.io/node-mysql2/docs; mysql2 3.24.5 run against MariaDB 10.11 (facts/drivers.md, mysql2)',
  example: {
    setup: ["import mysql from 'mysql2';", "const pool = mysql.createPool('mysql://localhost/shop').promise();"],
    take: ['const connection = await pool.getConnection();'],
    use: ["await connection.query('UPDATE orders SET open = 0');"],
  },
  traps: [
    '`pool.end()` does not wait for connections that are still out: it closes them.',
    '`connection.execute(sql, [undefined])` throws at once, inside the callback.',
  ],
  exports: { ...EXPORTS, createConnection: { is: 'acquire', yields: 'Connection', style: 'direct' } },
  types: {
    Pool: { ...MYSQL_POOL, singleShot: ['query', 'execute'], members: { ...MYSQL_POOL.members, end: ENDS, promise: { effect: 'returns', type: 'PromisePool' } } },
    PoolCluster: { ...MYSQL_POOL_CLUSTER, members: { ...MYSQL_POOL_CLUSTER.members, end: ENDS } },
    PoolConnection: { ...POOL_CONNECTION, members: { ...POOL_CONNECTION.members, ...CALLBACK_MEMBERS }, dispose: CALLBACK_DISPOSE },
    Connection: { ...CONNECTION, members: { ...CONNECTION.members, ...CALLBACK_MEMBERS }, dispose: CALLBACK_DISPOSE },
    PromisePool: { ...PROMISE_POOL, members: { ...PROMISE_POOL.members, getConnection: { effect: 'acquire', yields: 'PromisePoolConnection', style: 'promise' } } },
    PromisePoolConnection: PROMISE_POOL_CONNECTION,
  },
};
