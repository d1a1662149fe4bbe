import type { Driver } from './driver.ts';
import { GENERIC_POOL, GENERIC_POOL_RESOURCE } from './generic-pool.ts';

/** Snowflake's driver: its pool is that of generic-pool. */
export const snowflake: Driver = {
  library: 'snowflake-sdk',
  modules: ['snowflake-sdk'],
  source: 'https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-connect#using-a-connection-pool; read (facts/drivers.md)',
  example: {
    setup: ["import snowflake from 'snowflake-sdk';", "const pool = snowflake.createPool({ account: 'shop' }, { max: 4 });"],
    take: ['const connection = await pool.acquire();'],
    use: ["await connection.executeAsync({ sqlText: 'UPDATE orders SET is_open = false' });"],
  },
  traps: [
    'Its pool is generic-pool, which holds one connection where `max` is left out.',
  ],
  exports: { createPool: { is: 'factory', type: 'Pool' }, createConnection: { is: 'factory', type: 'Connection' } },
  types: {
    Pool: { ...GENERIC_POOL, root: { ...GENERIC_POOL.root!, holds: 'as many connections as it is told' } },
    // One session, which a program may keep. A second `destroy()` fails (read: services/sf.js, StateDisconnected).
    Connection: {
      noun: 'connection',
      giveBack: '$.destroy()',
      mayStay: true,
      members: { connect: { effect: 'open' }, connectAsync: { effect: 'open' }, destroy: { effect: 'release', again: 'throws', mayReject: true } },
    },
    Resource: { ...GENERIC_POOL_RESOURCE, noun: 'connection', pooledBy: 'pool' },
  },
};
