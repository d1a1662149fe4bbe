import type { Driver } from './driver.ts';

/** mssql: `sql.connect()` answers with the one global pool, so it is no construction. */
export const mssql: Driver = {
  library: 'mssql',
  modules: ['mssql', 'mssql/msnodesqlv8', 'mssql/tedious'],
  source: 'https://tediousjs.github.io/node-mssql/#connection-pools; mssql 12.7.14, read (facts/drivers.md)',
  exports: { ConnectionPool: { is: 'class', type: 'ConnectionPool' } },
  types: {
    ConnectionPool: {
      noun: 'pool',
      root: { holds: 'up to 10 connections', close: '$.close()', stays: 'for 30 seconds after its last use' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { close: { effect: 'ends' }, connect: { effect: 'self' } },
    },
  },
};
