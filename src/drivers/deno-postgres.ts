import type { Driver } from './driver.ts';

/** PostgreSQL for Deno. A release has no guard: a second one pushes the connection into the list again (read). */
export const denoPostgres: Driver = {
  library: '@db/postgres',
  modules: ['@db/postgres', 'https://deno.land/x/postgres/mod.ts'],
  source: 'https://deno-postgres.com/#connection-pools; read (facts/drivers.md)',
  example: {
    setup: ["import { Pool } from '@db/postgres';", 'const pool = new Pool({}, 3);'],
    take: ['const client = await pool.connect();'],
    use: ["await client.queryObject('UPDATE orders SET open = false');"],
  },
  traps: [
    'A second `release()` is not noticed: the connection is handed out twice.',
    '`using client = await pool.connect()` releases.',
  ],
  exports: { Pool: { is: 'class', type: 'Pool' }, Client: { is: 'class', type: 'Client' }, PoolClient: { is: 'type', type: 'PoolClient' } },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'as many connections as it is told', close: '$.end()' },
      members: { end: { effect: 'ends' }, connect: { effect: 'acquire', yields: 'PoolClient', style: 'promise' } },
    },
    PoolClient: {
      noun: 'client',
      pooledBy: 'pool',
      giveBack: '$.release()',
      useAfterRelease: 'unguarded',
      members: { release: { effect: 'release', again: 'gives-away' } },
      dispose: { kind: 'sync', effect: 'release', since: '0.17.0' },
    },
    Client: {
      noun: 'client',
      giveBack: 'await $.end()',
      members: { connect: { effect: 'open' }, end: { effect: 'release', again: 'harmless', mayReject: true } },
    },
  },
};
