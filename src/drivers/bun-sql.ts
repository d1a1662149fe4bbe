import type { Driver } from './driver.ts';

/** SQL of Bun: `sql` is a pool that the module makes by itself. */
export const bunSql: Driver = {
  library: 'bun',
  modules: ['bun'],
  source: 'https://bun.com/docs/api/sql#reserved-connections; bun run against PostgreSQL 15 (facts/drivers.md)',
  example: {
    setup: ["import { SQL } from 'bun';", "const sql = new SQL('postgres://localhost/shop');"],
    take: ['const reserved = await sql.reserve();'],
    use: ['await reserved`UPDATE orders SET open = false`;'],
  },
  traps: [
    'A connection that is released inside a transaction is closed.',
    '`using reserved = await sql.reserve()` releases.',
  ],
  exports: { SQL: { is: 'class', type: 'SQL' }, sql: { is: 'object', type: 'DefaultSql' } },
  types: {
    SQL: {
      noun: 'pool',
      root: { holds: 'up to 10 connections', close: '$.close()' },
      members: { close: { effect: 'ends' }, end: { effect: 'ends' }, reserve: { effect: 'acquire', yields: 'ReservedSql', style: 'promise' } },
    },
    DefaultSql: { noun: 'pool', members: { reserve: { effect: 'acquire', yields: 'ReservedSql', style: 'promise' } } },
    ReservedSql: {
      noun: 'reserved connection',
      pooledBy: 'pool',
      scoped: [{ call: '@.begin', gives: '$', commits: true }],
      giveBack: '$.release()',
      members: { release: { effect: 'release', again: 'harmless' } },
      dispose: { kind: 'sync', effect: 'release', since: '1.2.0' },
    },
  },
};
