import type { Driver, ReleaseRow, TypeRow } from './driver.ts';

/** A second commit or rollback resolves silently (run). `.then(trx.commit).catch(trx.rollback)` is the documented form: they work without their object. */
const END: ReleaseRow = { effect: 'release', again: 'harmless', mayReject: true, detachable: true };

/**
 * A query that fails in it does not give the connection back (run: used=1, isCompleted()=false). A BEGIN or COMMIT that fails is not heard of (run: `await trx.commit()` is
 * fulfilled where a deferred constraint fails, and the connection is back); with a callback it is.
 */
export const KNEX_TRANSACTION: TypeRow = {
  noun: 'transaction',
  pooledBy: 'Knex instance',
  ending: 'commit or rollback',
  scoped: [{ call: '@.transaction', gives: '$', commits: true, differs: 'rejects' }],
  giveBack: 'await $.rollback()',
  useAfterRelease: 'throws',
  members: { commit: END, rollback: END, isCompleted: { effect: 'tells', by: 'call', released: true } },
};

/** Knex: the module is the function that makes the instance. Its pool keeps two connections open for good. */
export const knex: Driver = {
  library: 'knex',
  modules: ['knex'],
  source: 'https://knexjs.org/guide/transactions.html; knex 3.3.0 run against PostgreSQL 15 (facts/drivers.md)',
  example: {
    setup: ["import createKnex from 'knex';", "const knex = createKnex({ client: 'pg' });"],
    take: ['const trx = await knex.transaction();'],
    use: ["await trx('orders').update({ open: false });"],
  },
  traps: [
    'A query that fails does not end the transaction, and does not give its connection back.',
    '`await trx.commit()` is fulfilled also where the commit fails; `knex.transaction(async (trx) => …)` is rejected then.',
    '`knex.transaction((trx) => { … })` with a callback that returns nothing stays open until `commit()` or `rollback()` is called.',
    'A query that is not given the transaction takes another connection, and waits for one that the transaction has.',
  ],
  itself: { is: 'factory', type: 'Knex' },
  exports: { knex: { is: 'factory', type: 'Knex' }, Knex: { is: 'type', type: 'Knex' } },
  types: {
    Knex: {
      noun: 'Knex instance',
      root: {
        holds: 'a pool of up to 10 connections',
        close: '$.destroy()',
        exceptIf: { client: ['sqlite3', 'better-sqlite3'], dialect: ['sqlite3', 'better-sqlite3'] },
      },
      members: {
        destroy: { effect: 'ends' },
        withUserParams: { effect: 'self' },
        // A callback that returns nothing keeps the transaction until it ends it (run: used=1); one that throws rolls it back (run).
        transaction: { effect: 'acquire', yields: 'Transaction', style: 'promise', unless: 'returning callback', callback: { argument: 0, handle: 0 } },
        client: { effect: 'has', type: 'Client' },
      },
    },
    Client: {
      noun: 'client',
      members: { acquireConnection: { effect: 'acquire', yields: 'RawConnection', style: 'promise' } },
    },
    RawConnection: {
      noun: 'connection',
      pooledBy: 'Knex instance',
      giveBack: '@.releaseConnection($)',
      members: {},
      // tarn frees the connection of whoever has it by then (run: tests/real-pools).
      takenBackBy: [{ on: 'pool', name: 'releaseConnection', release: { effect: 'release', again: 'gives-away', mayReject: true } }],
    },
    Transaction: KNEX_TRANSACTION,
  },
};
