import type { Driver, MemberRow, TypeRow } from './driver.ts';
import { CHANGE_STREAM, CLIENT_SESSION } from './mongodb.ts';

/** A promise here, where the driver below gives the session itself. */
const START_SESSION = { effect: 'acquire', yields: 'ClientSession', style: 'promise' } as const satisfies MemberRow;

const WATCH = { effect: 'acquire', yields: 'ChangeStream', style: 'direct' } as const satisfies MemberRow;

/** The versions are those of the driver below. */
const DISPOSE = { ...CLIENT_SESSION.dispose!, package: 'mongodb' } as const;

/** A session, taken from a connection. */
const SESSION = { ...CLIENT_SESSION, dispose: DISPOSE, scoped: [{ call: '@.transaction', gives: '$', commits: true, since: '5.10.0' }] } as const satisfies TypeRow;

/** Mongoose. `mongoose.connect()` opens the one default connection and is no construction; `createConnection()` makes another client each time. */
export const mongoose: Driver = {
  library: 'mongoose',
  modules: ['mongoose'],
  source: 'https://mongoosejs.com/docs/transactions.html; mongoose 9.12.1 read (facts/drivers.md)',
  example: {
    setup: ["import mongoose from 'mongoose';"],
    take: ['const session = await mongoose.startSession();'],
    use: ["await mongoose.connection.collection('orders').updateMany({}, { $set: { open: false } }, { session });"],
  },
  traps: [
    '`startSession()` gives a promise here, and a session in the driver below.',
    '`mongoose.connect()` opens the one default connection: nothing to release.',
  ],
  exports: {
    createConnection: { is: 'factory', type: 'Connection' },
    connection: { is: 'object', type: 'DefaultConnection' },
    startSession: { is: 'acquire', yields: 'ModuleSession', style: 'promise' },
    model: { is: 'factory', type: 'Model' },
    Connection: { is: 'type', type: 'Connection' },
    Model: { is: 'type', type: 'Model' },
    ClientSession: { is: 'type', type: 'ClientSession' },
  },
  types: {
    Connection: {
      noun: 'Mongoose connection',
      root: { holds: 'a pool of up to 100 connections', close: '$.close()' },
      members: {
        close: { effect: 'ends' },
        destroy: { effect: 'ends' },
        asPromise: { effect: 'self' },
        openUri: { effect: 'self' },
        useDb: { effect: 'self' },
        model: { effect: 'returns', type: 'Model', keeps: true },
        db: { effect: 'self' },
        collection: { effect: 'self' },
        getClient: { effect: 'self' },
        startSession: START_SESSION,
        watch: WATCH,
      },
    },
    // Made once, by the module itself.
    DefaultConnection: { noun: 'Mongoose connection', members: { startSession: START_SESSION } },
    Model: { noun: 'model', members: { startSession: { ...START_SESSION, yields: 'ModelSession' }, watch: WATCH, db: { effect: 'has', type: 'DefaultConnection' } } },
    ClientSession: SESSION,
    ChangeStream: { ...CHANGE_STREAM, dispose: DISPOSE },
    // The method is one of connections: a model has its own, the module the one that it made.
    ModelSession: { ...SESSION, scoped: [{ ...SESSION.scoped[0], call: '@.db.transaction' }] },
    ModuleSession: { ...SESSION, scoped: [{ ...SESSION.scoped[0], call: '@.connection.transaction' }] },
  },
};
