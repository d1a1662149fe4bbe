import type { Driver } from './driver.ts';

/** oracledb. The second pool with the same alias is refused, but the alias is often absent from the code that makes it. */
export const oracledb: Driver = {
  library: 'oracledb',
  modules: ['oracledb'],
  source: 'https://node-oracledb.readthedocs.io/en/latest/user_guide/connection_handling.html#connection-pooling; read (facts/drivers.md)',
  exports: { createPool: { is: 'factory', type: 'Pool', gives: 'promise', callback: { handle: 1 } }, Pool: { is: 'type', type: 'Pool' } },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'up to 4 connections', close: '$.close()', stays: 'for a minute after its last use' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { close: { effect: 'ends' }, terminate: { effect: 'ends' } },
    },
  },
};
