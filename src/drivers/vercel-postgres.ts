import type { Driver } from './driver.ts';
import { pg } from './pg.ts';

/** Vercel's pool, a subclass of Neon's. `sql` and `db` share one pool that the module makes by itself. */
export const vercelPostgres: Driver = {
  library: '@vercel/postgres',
  modules: ['@vercel/postgres'],
  source: 'https://www.npmjs.com/package/@vercel/postgres; dist read (facts/drivers.md)',
  example: {
    setup: ["import { createPool } from '@vercel/postgres';", 'const pool = createPool();'],
    take: ['const client = await pool.connect();'],
    use: ["await client.query('UPDATE orders SET open = false');"],
  },
  traps: [
    '`sql` and `db` share one pool, which the module makes by itself.',
  ],
  exports: {
    db: { is: 'object', type: 'Pool' },
    sql: { is: 'object', type: 'Pool' },
    createPool: { is: 'factory', type: 'Pool' },
    createClient: { is: 'factory', type: 'Client' },
    VercelPool: { is: 'class', type: 'Pool' },
    VercelClient: { is: 'class', type: 'Client' },
    VercelPoolClient: { is: 'type', type: 'PoolClient' },
  },
  types: { Pool: pg.types['Pool']!, Client: pg.types['Client']!, PoolClient: pg.types['PoolClient']! },
};
