import type { Driver, ReleaseRow, TypeRow } from './driver.ts';

/** A second one rejects: "Resource not currently part of this pool" (run). */
const TAKE_BACK: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

/** A pool of generic-pool, wherever one is made: what it holds is what its factory makes. */
export const GENERIC_POOL: TypeRow = {
  noun: 'pool',
  root: { holds: 'what its factory makes', close: '$.drain().then(() => $.clear())' },
  members: {
    drain: { effect: 'ends' },
    clear: { effect: 'ends' },
    acquire: { effect: 'acquire', yields: 'Resource', style: 'promise' },
    // It waits for what its callback returns, and fails where that is no promise: the resource is out (run: borrowed stays 1).
    use: { effect: 'acquire', yields: 'Resource', style: 'callback', unless: 'returning callback', callback: { argument: 0, handle: 0 } },
  },
};

/** What it hands out. */
export const GENERIC_POOL_RESOURCE: TypeRow = {
  noun: 'resource',
  scoped: [{ call: '@.use', gives: '$', differs: 'destroys', since: '3.0.0' }],
  giveBack: '@.release($)',
  members: {},
  takenBackBy: [
    { on: 'pool', name: 'release', release: TAKE_BACK },
    { on: 'pool', name: 'destroy', release: TAKE_BACK },
  ],
};

/** generic-pool. */
export const genericPool: Driver = {
  library: 'generic-pool',
  modules: ['generic-pool'],
  source: 'https://github.com/coopernurse/node-pool; generic-pool 3.9 run (facts/drivers.md)',
  example: {
    setup: ["import { createPool } from 'generic-pool';", 'const pool = createPool({ create: openWorker, destroy: closeWorker });'],
    take: ['const worker = await pool.acquire();'],
    use: ['await worker.run();'],
  },
  traps: [
    'A second `release()` rejects.',
    '`pool.use(…)` loses the resource when its callback throws at once or gives no promise.',
    'The pool holds one resource where `max` is left out.',
  ],
  exports: { createPool: { is: 'factory', type: 'Pool' }, Pool: { is: 'type', type: 'Pool' } },
  types: { Pool: GENERIC_POOL, Resource: GENERIC_POOL_RESOURCE },
};
