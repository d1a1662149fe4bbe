import type { Driver } from './driver.ts';

/** postgres.js: the module is the function that makes the pool, and the pool is a function. Idle connections are kept for as long as they live. */
export const postgresJs: Driver = {
  library: 'postgres',
  modules: ['postgres'],
  source: 'https://github.com/porsager/postgres#connection; run against PostgreSQL 15 (facts/drivers.md)',
  itself: { is: 'factory', type: 'Sql' },
  exports: { Sql: { is: 'type', type: 'Sql' } },
  types: {
    Sql: {
      noun: 'pool',
      root: { holds: 'up to 10 connections', close: '$.end()', stays: 'for up to an hour' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { end: { effect: 'ends' }, close: { effect: 'ends' } },
    },
  },
};
