import type { Driver } from './driver.ts';

/** node-postgres. `pg-pool` is the pool that `pg` exports; `pg.native` offers the same exports over libpq. */
export const pg: Driver = {
  library: 'pg',
  modules: ['pg', 'pg-pool'],
  source: 'https://node-postgres.com/apis/pool; pg 8.23.1 and pg-pool 3.14.0 run against PostgreSQL 15 (facts/drivers.md, pg)',
  example: {
    setup: ["import { Pool } from 'pg';", 'const pool = new Pool();'],
    take: ['const client = await pool.connect();'],
    use: ["await client.query('UPDATE orders SET open = false');"],
  },
  traps: [
    'In `pool.connect((error, client, done) => …)`, `done` is undefined when the wait for a client timed out or the pool has ended.',
    '`client.end()` of a pooled client closes its socket, but its place in the pool stays taken: only `release()` gives it back.',
    'A client that is released in the middle of a transaction takes the transaction to whoever gets it next.',
    '`await using` throws when the client is already out: it has no dispose method.',
  ],
  exports: {
    Pool: { is: 'class', type: 'Pool' },
    Client: { is: 'class', type: 'Client' },
    PoolClient: { is: 'type', type: 'PoolClient' },
    native: { is: 'namespace' },
  },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'up to 10 connections', close: '$.end()', stays: 'for 10 seconds after its last use' },
      // Takes a client, queries and releases it (read: pg-pool index.js, `query`).
      singleShot: ['query'],
      // Without a callback a promise; with one `(error, client, done)`, where `done` is the client's `release` (run).
      members: { connect: { effect: 'acquire', yields: 'PoolClient', style: 'promise', callback: { handle: 1, release: 2 } }, end: { effect: 'ends' } },
    },
    PoolClient: {
      noun: 'client',
      pooledBy: 'pool',
      giveBack: '$.release()',
      sends: ['query'],
      useAfterRelease: 'unguarded',
      // `release(true)` and `release(error)` destroy the connection instead: given back all the same. `end()` closes the socket and
      // leaves the slot taken (run: totalCount stays 1), so it is no release. There is no dispose method (node-postgres issue 3515).
      members: { release: { effect: 'release', again: 'throws', detachable: true } },
    },
    Client: {
      noun: 'client',
      giveBack: '$.end()',
      useAfterRelease: 'throws',
      members: {
        connect: { effect: 'open' },
        end: { effect: 'release', again: 'harmless' },
      },
    },
  },
};
