import type { Driver } from './driver.ts';

/** MariaDB's driver. A pool opens its connections at once, not at the first query. */
export const mariadb: Driver = {
  library: 'mariadb',
  modules: ['mariadb', 'mariadb/callback'],
  source: 'https://mariadb.com/docs/connectors/mariadb-connector-nodejs/connector-nodejs-promise-api; run against MariaDB 10.11 (facts/drivers.md)',
  exports: {
    createPool: { is: 'factory', type: 'Pool' },
    createPoolCluster: { is: 'factory', type: 'PoolCluster' },
    Pool: { is: 'type', type: 'Pool' },
    PoolCluster: { is: 'type', type: 'PoolCluster' },
  },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: '10 connections, opened at once', close: '$.end()' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { end: { effect: 'ends' } },
    },
    PoolCluster: {
      noun: 'pool cluster',
      root: { holds: 'a pool for each of its nodes', close: '$.end()' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { end: { effect: 'ends' } },
    },
  },
};
