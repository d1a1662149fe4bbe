import type { Driver } from './driver.ts';

/** Express sessions in PostgreSQL: a store that is given no pool makes one by itself. */
export const connectPgSimple: Driver = {
  library: 'connect-pg-simple',
  modules: ['connect-pg-simple'],
  source: 'https://github.com/voxpelli/node-connect-pg-simple#connection-options',
  traps: [
    'Given `conString` or `conObject` it makes a pool of its own; given `pool` it uses that.',
  ],
  itself: { is: 'maker', of: { is: 'class', type: 'PGStore' } },
  exports: {},
  types: {
    PGStore: {
      noun: 'session store',
      root: { holds: 'a pool of up to 10 connections', close: '$.close()', stays: 'for 10 seconds after its last use', ownsIf: { options: ['conString', 'conObject'] } },
      wraps: { close: '$.close()' },
      isPartial: true,
      members: { close: { effect: 'ends' } },
    },
  },
};
