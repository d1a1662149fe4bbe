import type { Driver } from './driver.ts';
import { GENERIC_POOL, GENERIC_POOL_RESOURCE } from './generic-pool.ts';

/** Snowflake's driver: its pool is that of generic-pool. */
export const snowflake: Driver = {
  library: 'snowflake-sdk',
  modules: ['snowflake-sdk'],
  source: 'https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-connect#using-a-connection-pool; read (facts/drivers.md)',
  exports: { createPool: { is: 'factory', type: 'Pool' } },
  types: {
    Pool: { ...GENERIC_POOL, root: { ...GENERIC_POOL.root!, holds: 'as many connections as it is told' } },
    Resource: { ...GENERIC_POOL_RESOURCE, noun: 'connection', pooledBy: 'pool' },
  },
};
