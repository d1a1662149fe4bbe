import type { Driver } from './driver.ts';
import { KNEX_TRANSACTION } from './knex.ts';

/** Objection: models over a Knex instance; what it hands out is a transaction of Knex. */
export const objection: Driver = {
  library: 'objection',
  modules: ['objection'],
  source: 'https://vincit.github.io/objection.js/guide/transactions.html; objection 3.1.5 read (facts/drivers.md)',
  example: {
    setup: ["import { Model } from 'objection';", 'class Order extends Model {}'],
    take: ['const trx = await Order.startTransaction();'],
    use: ['await Order.query(trx).patch({ open: false });'],
  },
  traps: [
    'A query without `trx` takes another connection.',
  ],
  exports: {
    Model: { is: 'class', type: 'Model' },
    transaction: { is: 'object', type: 'TransactionFunction' },
    Transaction: { is: 'type', type: 'Transaction' },
  },
  types: {
    Model: {
      noun: 'model',
      statics: { startTransaction: { is: 'acquire', yields: 'Transaction', style: 'promise' } },
      members: {},
    },
    TransactionFunction: {
      noun: 'function',
      members: { start: { effect: 'acquire', yields: 'StartedTransaction', style: 'promise' } },
    },
    Transaction: KNEX_TRANSACTION,
    // Its scoped form, `transaction(knex, async (trx) => …)`, wants the instance as well.
    StartedTransaction: { ...KNEX_TRANSACTION, scoped: [] },
  },
};
