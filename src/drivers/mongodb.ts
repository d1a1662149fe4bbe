import type { Driver, TypeRow } from './driver.ts';

/** Ends an open transaction too. What a session that is not ended costs is memory and a session of the server for 30 minutes. */
export const CLIENT_SESSION: TypeRow = {
  noun: 'session',
  ending: 'end',
  scoped: [{ call: '@.withSession', gives: '$' }],
  giveBack: 'await $.endSession()',
  useAfterRelease: 'throws',
  members: { endSession: { effect: 'release', again: 'harmless' }, hasEnded: { effect: 'tells', by: 'property', released: true } },
  // Experimental from 6.9 on.
  dispose: { kind: 'async', effect: 'release', since: '7.0.0' },
};

/** It asks the server for what changes, on a connection of the pool, until it is closed; most listen as long as the process lives. A loop over it closes it (facts/drivers.md). */
export const CHANGE_STREAM: TypeRow = {
  noun: 'change stream',
  ending: 'close',
  giveBack: 'await $.close()',
  mayStay: true,
  endsWithLoop: true,
  members: { close: { effect: 'release', again: 'harmless', mayReject: true } },
  dispose: { kind: 'async', effect: 'release', since: '7.0.0' },
};

/** MongoDB. A client is a pool for each server, and watches each of them; databases and collections keep the client that they come from. */
export const mongodb: Driver = {
  library: 'mongodb',
  modules: ['mongodb'],
  source: 'https://mongodb.github.io/node-mongodb-native/7.0/classes/MongoClient.html; mongodb 7.8.0 and 6.22.0 run and read (facts/drivers.md)',
  example: {
    setup: ["import { MongoClient } from 'mongodb';", "const client = new MongoClient('mongodb://localhost');"],
    take: ['const session = client.startSession();'],
    use: ["await client.db().collection('orders').updateMany({}, { $set: { open: false } }, { session });"],
  },
  traps: [
    '`session.withTransaction(…)` does not end the session.',
    'A change stream may stay open to listen. A cursor has no row: one that is read to its end, or left by a loop, is closed.',
    'A session that is not ended costs memory, and a session of the server for 30 minutes; it has no place in the pool.',
  ],
  exports: {
    MongoClient: { is: 'class', type: 'MongoClient' },
    ClientSession: { is: 'type', type: 'ClientSession' },
    ChangeStream: { is: 'type', type: 'ChangeStream' },
  },
  types: {
    MongoClient: {
      noun: 'client',
      root: { holds: 'a pool of up to 100 connections', close: '$.close()' },
      statics: { connect: { is: 'factory', type: 'MongoClient', gives: 'promise', callback: { handle: 1 } } },
      members: {
        // It ends all sessions that are open (read).
        close: { effect: 'ends', closesTaken: true },
        connect: { effect: 'self' },
        db: { effect: 'self' },
        collection: { effect: 'self' },
        startSession: { effect: 'acquire', yields: 'ClientSession', style: 'direct' },
        watch: { effect: 'acquire', yields: 'ChangeStream', style: 'direct' },
      },
    },
    ClientSession: CLIENT_SESSION,
    ChangeStream: CHANGE_STREAM,
  },
};
