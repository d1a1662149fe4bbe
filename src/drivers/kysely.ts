import type { Driver, MemberRow, TypeRow } from './driver.ts';

/** A dialect keeps the pool that it is given; what makes one by itself is given a function, and makes it later. */
const DIALECT: TypeRow = { noun: 'dialect', wraps: {}, isPartial: true, members: {} };

/** `commit()` and `rollback()` do nothing until they are executed (run: the connection stays out). A second one throws (run). */
const END: MemberRow = { effect: 'prepares', by: 'execute', release: { effect: 'release', again: 'throws', mayReject: true } };

const BUILDER: MemberRow = { effect: 'returns', type: 'ControlledTransactionBuilder' };

/** Kysely opens nothing itself: what is counted is the pool that its dialect is given, which `destroy()` ends. */
export const kysely: Driver = {
  library: 'kysely',
  modules: ['kysely'],
  source: 'https://kysely.dev/docs/examples/transactions/controlled-transaction; kysely 0.28.18 run against PostgreSQL 15 (facts/drivers.md)',
  example: {
    setup: ["import { Kysely, PostgresDialect } from 'kysely';", "import { Pool } from 'pg';", 'const db = new Kysely({ dialect: new PostgresDialect({ pool: new Pool() }) });'],
    take: ['const trx = await db.startTransaction().execute();'],
    use: ["await trx.updateTable('orders').set({ open: false }).execute();"],
  },
  traps: [
    '`trx.commit()` and `trx.rollback()` do nothing without `.execute()`.',
    'A controlled transaction inherits a dispose method that throws and gives nothing back: `await using` loses the connection.',
  ],
  exports: {
    Kysely: { is: 'class', type: 'Kysely' },
    ControlledTransaction: { is: 'type', type: 'ControlledTransaction' },
    PostgresDialect: { is: 'class', type: 'Dialect' },
    MysqlDialect: { is: 'class', type: 'Dialect' },
  },
  types: {
    Dialect: DIALECT,
    Kysely: {
      noun: 'Kysely instance',
      wraps: { close: '$.destroy()' },
      members: {
        destroy: { effect: 'ends' },
        withSchema: { effect: 'self' },
        withPlugin: { effect: 'self' },
        $extendTables: { effect: 'self' },
        startTransaction: BUILDER,
      },
    },
    ControlledTransactionBuilder: {
      noun: 'transaction builder',
      members: { setIsolationLevel: BUILDER, setAccessMode: BUILDER, execute: { effect: 'acquire', yields: 'ControlledTransaction', style: 'promise' } },
    },
    // It inherits a dispose method that throws and gives nothing back (run), so it has none here.
    ControlledTransaction: {
      noun: 'transaction',
      pooledBy: 'Kysely instance',
      ending: 'commit or rollback',
      scoped: [{ call: '@.transaction().execute', gives: '$', commits: true, from: 'startTransaction' }],
      giveBack: 'await $.rollback().execute()',
      useAfterRelease: 'throws',
      members: {
        commit: END,
        rollback: END,
        isCommitted: { effect: 'tells', by: 'property', released: true },
        isRolledBack: { effect: 'tells', by: 'property', released: true },
      },
    },
  },
};
