import type { Driver } from './driver.ts';

/** pg-promise: the module makes the library, and that makes databases, each with a pool of its own. */
export const pgPromise: Driver = {
  library: 'pg-promise',
  modules: ['pg-promise'],
  source: 'https://vitaly-t.github.io/pg-promise/Database.html#connect; pg-promise 12.7.1 run against PostgreSQL 15 (facts/drivers.md)',
  example: {
    setup: ["import pgPromise from 'pg-promise';", "const db = pgPromise()('postgres://localhost/shop');"],
    take: ['const connection = await db.connect();'],
    use: ["await connection.none('UPDATE orders SET open = false');"],
  },
  traps: [
    'A second database object for the same connection string has a pool of its own, and prints a warning.',
    '`db.connect({ direct: true })` bypasses the pool: it is meant for `LISTEN`.',
  ],
  itself: { is: 'maker', of: { is: 'factory', type: 'Database' } },
  exports: { IDatabase: { is: 'type', type: 'Database' }, IConnected: { is: 'type', type: 'Connected' } },
  types: {
    Database: {
      noun: 'database object',
      // A second one for the same connection prints "Creating a duplicate database object" (run).
      root: { holds: 'a pool of up to 10 connections', close: '$.$pool.end()', stays: 'for 10 seconds after its last use' },
      members: {
        $pool: { effect: 'self' },
        end: { effect: 'ends' },
        connect: { effect: 'acquire', yields: 'Connected', style: 'promise' },
      },
    },
    Connected: {
      noun: 'connection',
      scoped: [{ call: '@.task', gives: '$' }, { call: '@.tx', gives: '$', commits: true }],
      giveBack: '$.done()',
      useAfterRelease: 'throws',
      // "Querying against a released or lost connection." (run).
      members: { done: { effect: 'release', again: 'throws' } },
    },
  },
};
