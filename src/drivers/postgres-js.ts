import type { Driver } from './driver.ts';

/** postgres.js: the module is the function that makes the pool, and the pool is a function. Idle connections are kept for as long as they live. */
export const postgresJs: Driver = {
  library: 'postgres',
  modules: ['postgres'],
  source: 'https://github.com/porsager/postgres#reserving-connections; postgres 3.4.9 run against PostgreSQL 15 (facts/drivers.md)',
  example: {
    setup: ["import postgres from 'postgres';", 'const sql = postgres();'],
    take: ['const reserved = await sql.reserve();'],
    use: ['await reserved`UPDATE orders SET open = false`;'],
  },
  traps: [
    'A second `release()` is not noticed: it gives the connection away while somebody else has it.',
    '`await using` throws when the connection is already out: it has no dispose method.',
  ],
  itself: { is: 'factory', type: 'Sql' },
  exports: { Sql: { is: 'type', type: 'Sql' }, ReservedSql: { is: 'type', type: 'ReservedSql' } },
  types: {
    Sql: {
      noun: 'pool',
      root: { holds: 'up to 10 connections', close: '$.end()', stays: 'for up to an hour' },
      members: { end: { effect: 'ends' }, close: { effect: 'ends' }, reserve: { effect: 'acquire', yields: 'ReservedSql', style: 'promise' } },
    },
    ReservedSql: {
      noun: 'reserved connection',
      pooledBy: 'pool',
      scoped: [{ call: '@.begin', gives: '$', commits: true }],
      giveBack: '$.release()',
      useAfterRelease: 'unguarded',
      // No guard: a second release gave the connection away while another holder had it (run).
      members: { release: { effect: 'release', again: 'gives-away' } },
    },
  },
};
