import type { Driver, TypeRow } from './driver.ts';

const OPEN = { style: 'promise', callback: { handle: 1 } } as const;

/** `close()` of a pooled one gives it back, and rolls an open transaction back; a second one does nothing while it is free (read). */
const DATABASE: TypeRow = {
  noun: 'connection',
  ending: 'close',
  giveBack: 'await $.close()',
  // Each method has a twin that ends with Sync.
  failsAtOnce: true,
  members: { close: { effect: 'release', again: 'harmless', mayReject: true }, closeSync: { effect: 'release', again: 'harmless' } },
};

/** Db2. Its verbs are `open` and `close`, of pools as of single connections. */
export const ibmDb: Driver = {
  library: 'ibm_db',
  modules: ['ibm_db'],
  source: 'https://github.com/ibmdb/node-ibm_db#api-documentation; ibm_db 4.0.1 read (facts/drivers.md)',
  example: {
    setup: ["import { Pool } from 'ibm_db';", 'const pool = new Pool();'],
    take: ["const connection = await pool.open('DATABASE=shop');"],
    use: ["await connection.query('UPDATE orders SET is_open = 0');"],
  },
  traps: ['`pool.openSync(…)` gives undefined when the pool is full.', 'A pool has no limit unless `maxPoolSize` says so, and a full one lets callers wait for ever.'],
  exports: {
    Pool: { is: 'class', type: 'Pool' },
    Database: { is: 'type', type: 'Database' },
    open: { is: 'acquire', yields: 'Database', ...OPEN },
    openSync: { is: 'acquire', yields: 'Database', style: 'direct' },
  },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'as many connections as it is asked for', close: '$.close()' },
      members: {
        close: { effect: 'ends' },
        closeSync: { effect: 'ends' },
        open: { effect: 'acquire', yields: 'PooledDatabase', ...OPEN },
        openSync: { effect: 'acquire', yields: 'PooledDatabase', style: 'direct' },
      },
    },
    PooledDatabase: { ...DATABASE, pooledBy: 'pool' },
    Database: DATABASE,
  },
};
