import type { Driver } from './driver.ts';

/** MongoDB. A client is a pool for each server, and watches each of them; databases and collections keep the client that they come from. */
export const mongodb: Driver = {
  library: 'mongodb',
  modules: ['mongodb'],
  source: 'https://www.mongodb.com/docs/drivers/node/current/connect/mongoclient/; read (facts/drivers.md)',
  exports: { MongoClient: { is: 'class', type: 'MongoClient' } },
  types: {
    MongoClient: {
      noun: 'client',
      root: { holds: 'a pool of up to 100 connections', close: '$.close()' },
      statics: { connect: { is: 'factory', type: 'MongoClient', gives: 'promise', callback: { handle: 1 } } },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { close: { effect: 'ends' }, connect: { effect: 'self' }, db: { effect: 'self' }, collection: { effect: 'self' } },
    },
  },
};
