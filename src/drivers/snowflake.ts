import type { Driver, ReleaseRow } from './driver.ts';

const TAKE_BACK: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

/** Snowflake's driver: its pool is that of generic-pool. */
export const snowflake: Driver = {
  library: 'snowflake-sdk',
  modules: ['snowflake-sdk'],
  source: 'https://docs.snowflake.com/en/developer-guide/node-js/nodejs-driver-connect#using-a-connection-pool; read (facts/drivers.md)',
  exports: { createPool: { is: 'factory', type: 'Pool' } },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'as many connections as it is told', close: '$.drain().then(() => $.clear())' },
      failsLater: true,
      giveBack: '',
      members: { drain: { effect: 'ends' }, clear: { effect: 'ends' }, acquire: { effect: 'acquire', yields: 'Connection', style: 'promise' } },
    },
    Connection: {
      noun: 'connection',
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
