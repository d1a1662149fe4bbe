import type { Driver } from './driver.ts';

/** tarn: `acquire()` gives a pending operation, whose `promise` gives the resource. */
export const tarn: Driver = {
  library: 'tarn',
  modules: ['tarn'],
  source: 'https://github.com/Vincit/tarn.js#usage; tarn 3.1.2 run on 2026-11-21: a second release answers false, a stale one frees the lease of the next holder (facts/drivers.md)',
  example: {
    setup: ["import { Pool } from 'tarn';", 'const pool = new Pool({ create: openWorker, destroy: closeWorker, min: 0, max: 4 });'],
    take: ['const worker = await pool.acquire().promise;'],
    use: ['await worker.run();'],
  },
  traps: [
    '`await pool.acquire()` without `.promise` gives the pending operation, and the resource is out.',
  ],
  exports: { Pool: { is: 'class', type: 'Pool' } },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'what its factory makes', close: '$.destroy()' },
      members: { destroy: { effect: 'ends' }, acquire: { effect: 'acquire', yields: 'Resource', style: 'promise', property: 'promise' } },
    },
    Resource: {
      noun: 'resource',
      pooledBy: 'pool',
      giveBack: '@.release($)',
      members: {},
      takenBackBy: [{ on: 'pool', name: 'release', release: { effect: 'release', again: 'gives-away' } }],
    },
  },
};
