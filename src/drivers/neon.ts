import type { Driver } from './driver.ts';
import { pg } from './pg.ts';

/**
 * Neon's driver over WebSockets: node-postgres with another transport, so its rows are those of pg. `neon()` speaks HTTP and holds nothing.
 * At the edge a pool is made and ended within one request (README); elsewhere it is a root like any other.
 */
export const neon: Driver = {
  library: '@neondatabase/serverless',
  modules: ['@neondatabase/serverless'],
  source: 'https://github.com/neondatabase/serverless#pool-and-client; read (facts/drivers.md)',
  example: {
    setup: ["import { Pool } from '@neondatabase/serverless';", 'const pool = new Pool();'],
    take: ['const client = await pool.connect();'],
    use: ["await client.query('UPDATE orders SET open = false');"],
  },
  traps: [
    '`neon()` speaks HTTP and holds nothing.',
    'At the edge a pool is made and ended within one request; on a server it is made once.',
  ],
  exports: {
    Pool: { is: 'class', type: 'Pool' },
    Client: { is: 'class', type: 'Client' },
    PoolClient: { is: 'type', type: 'PoolClient' },
  },
  types: { Pool: pg.types['Pool']!, Client: pg.types['Client']!, PoolClient: pg.types['PoolClient']! },
};
