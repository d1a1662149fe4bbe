import type { Driver } from './driver.ts';

/** Slonik: everything else it hands out has a scope. */
export const slonik: Driver = {
  library: 'slonik',
  modules: ['slonik'],
  source: 'https://github.com/gajus/slonik#create-connection; 47.3.2 run (tests/real-pools)',
  traps: [
    '`pool.connect(…)` takes a callback and gives back by itself: it is no acquisition, though its name is that of pg.',
  ],
  exports: { createPool: { is: 'factory', type: 'DatabasePool', gives: 'promise' }, DatabasePool: { is: 'type', type: 'DatabasePool' } },
  types: {
    DatabasePool: {
      noun: 'pool',
      root: { holds: 'up to 10 connections', close: '$.end()', stays: 'for 5 seconds after its last use' },
      members: { end: { effect: 'ends' } },
    },
  },
};
