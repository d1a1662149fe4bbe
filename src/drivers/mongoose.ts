import type { Driver } from './driver.ts';

/** Mongoose. `mongoose.connect()` opens the one default connection and is no construction; `createConnection()` makes another client each time. */
export const mongoose: Driver = {
  library: 'mongoose',
  modules: ['mongoose'],
  source: 'https://mongoosejs.com/docs/connections.html#multiple_connections; read (facts/drivers.md)',
  exports: { createConnection: { is: 'factory', type: 'Connection' }, Connection: { is: 'type', type: 'Connection' } },
  types: {
    Connection: {
      noun: 'Mongoose connection',
      root: { holds: 'a pool of up to 100 connections', close: '$.close()' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: {
        close: { effect: 'ends' },
        destroy: { effect: 'ends' },
        asPromise: { effect: 'self' },
        openUri: { effect: 'self' },
        useDb: { effect: 'self' },
        model: { effect: 'self' },
        db: { effect: 'self' },
        collection: { effect: 'self' },
        getClient: { effect: 'self' },
      },
    },
  },
};
