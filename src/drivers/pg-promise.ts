import type { Driver } from './driver.ts';

/** pg-promise: the module makes the library, and that makes databases, each with a pool of its own. */
export const pgPromise: Driver = {
  library: 'pg-promise',
  modules: ['pg-promise'],
  source: 'https://vitaly-t.github.io/pg-promise/Database.html; run (facts/drivers.md: "Creating a duplicate database object for the same connection")',
  itself: { is: 'maker', of: { is: 'factory', type: 'Database' } },
  exports: { IDatabase: { is: 'type', type: 'Database' } },
  types: {
    Database: {
      noun: 'database object',
      root: { holds: 'a pool of up to 10 connections', close: '$.$pool.end()', stays: 'for 10 seconds after its last use' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { $pool: { effect: 'self' }, end: { effect: 'ends' } },
    },
  },
};
