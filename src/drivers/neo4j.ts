import type { Driver } from './driver.ts';

/** Neo4j: the driver is the pool; sessions are taken from it. */
export const neo4j: Driver = {
  library: 'neo4j-driver',
  modules: ['neo4j-driver', 'neo4j-driver-lite'],
  source: 'https://neo4j.com/docs/javascript-manual/current/connect/; read (facts/drivers.md)',
  exports: { driver: { is: 'factory', type: 'Driver' }, Driver: { is: 'type', type: 'Driver' } },
  types: {
    Driver: {
      noun: 'driver',
      root: { holds: 'a pool of up to 100 connections', close: '$.close()', stays: 'for up to an hour' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { close: { effect: 'ends' } },
    },
  },
};
