import type { Driver, ReleaseRow } from './driver.ts';

/** A second one rejects: "Resource not currently part of this pool" (run). */
const TAKE_BACK: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

/** generic-pool: what it holds is what its factory makes. */
export const genericPool: Driver = {
  library: 'generic-pool',
  modules: ['generic-pool'],
  source: 'https://github.com/coopernurse/node-pool; generic-pool 3.9 run (facts/drivers.md)',
  exports: { createPool: { is: 'factory', type: 'Pool' }, Pool: { is: 'type', type: 'Pool' } },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'what its factory makes', close: '$.drain().then(() => $.clear())' },
      failsLater: true,
      giveBack: '',
      members: { drain: { effect: 'ends' }, clear: { effect: 'ends' }, acquire: { effect: 'acquire', yields: 'Resource', style: 'promise' } },
    },
    Resource: {
      noun: 'resource',
      scoped: ['@.use(async ($) => …)'],
      failsLater: true,
      giveBack: '@.release($)',
      members: {},
      takenBackBy: [
        { on: 'pool', name: 'release', release: TAKE_BACK },
        { on: 'pool', name: 'destroy', release: TAKE_BACK },
      ],
    },
  },
};
