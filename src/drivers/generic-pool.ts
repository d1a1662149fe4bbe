import type { Driver } from './driver.ts';

/** generic-pool: what it holds is what its factory makes. */
export const genericPool: Driver = {
  library: 'generic-pool',
  modules: ['generic-pool'],
  source: 'https://github.com/coopernurse/node-pool; run (facts/drivers.md)',
  exports: { createPool: { is: 'factory', type: 'Pool' }, Pool: { is: 'type', type: 'Pool' } },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'what its factory makes', close: '$.drain().then(() => $.clear())' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { drain: { effect: 'ends' }, clear: { effect: 'ends' } },
    },
  },
};
