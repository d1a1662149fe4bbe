import type { Driver, MemberRow, ReleaseRow, TypeRow } from './driver.ts';

/** A COMMIT or ROLLBACK that fails destroys the connection: it is not leaked (read). A second end rejects (run). */
const END: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

/** Without a callback nobody commits or rolls back. A failed query keeps the connection (run); a BEGIN that fails gives it back (read). */
const TRANSACTION: TypeRow = {
  noun: 'transaction',
  pooledBy: 'Sequelize instance',
  ending: 'commit or rollback',
  // With CLS (version 6: `Sequelize.useCLS`, version 7: by default) queries in the callback are in the transaction without being given it.
  scoped: [{ call: '@.transaction', gives: '$', commits: true, options: 'first', differs: 'ambient' }],
  giveBack: 'await $.rollback()',
  members: { commit: END, rollback: END, finished: { effect: 'tells', by: 'property', released: true } },
};

const RAW_CONNECTION: TypeRow = {
  noun: 'connection',
  pooledBy: 'Sequelize instance',
  giveBack: '@.releaseConnection($)',
  members: {},
  // Its pool frees the connection of whoever has it by then (run: tests/real-pools).
  takenBackBy: [{ on: 'pool', name: 'releaseConnection', release: { effect: 'release', again: 'gives-away', mayReject: true } }],
};

const KEEPERS: Readonly<Record<string, MemberRow>> = {
  close: { effect: 'ends' },
  define: { effect: 'self' },
  model: { effect: 'self' },
  models: { effect: 'self' },
};

/** The class and each object of a model know the instance that it was defined on. */
const MODEL: TypeRow = {
  noun: 'model',
  statics: { sequelize: { is: 'object', type: 'Sequelize' } },
  members: { sequelize: { effect: 'has', type: 'Sequelize' } },
};

/** The class, in both versions; `members` differ. */
const SEQUELIZE = {
  noun: 'Sequelize instance',
  root: { holds: 'a pool of up to 5 connections', close: '$.close()', stays: 'for 10 seconds after its last use', exceptIf: { dialect: ['sqlite'] } },
} as const;

const EXPORTS: Pick<Driver, 'itself' | 'exports'> = {
  itself: { is: 'class', type: 'Sequelize' },
  exports: { Sequelize: { is: 'class', type: 'Sequelize' }, Model: { is: 'class', type: 'Model' }, Transaction: { is: 'type', type: 'Transaction' } },
};

/** Sequelize 6, and the package that adds decorators to it. Models keep the instance that they were defined on. */
export const sequelize: Driver = {
  library: 'sequelize',
  modules: ['sequelize', 'sequelize-typescript'],
  source: 'https://sequelize.org/docs/v6/other-topics/transactions/; sequelize 6.37.8 run against PostgreSQL 15 (facts/drivers.md)',
  example: {
    setup: ["import { Sequelize } from 'sequelize';", "const sequelize = new Sequelize('postgres://localhost/shop');"],
    take: ['const transaction = await sequelize.transaction();'],
    use: ["await sequelize.query('UPDATE orders SET open = false', { transaction });"],
  },
  traps: [
    'With a callback `sequelize.transaction(…)` ends by itself; a callback that is not async is committed at once.',
    'A `commit()` or `rollback()` that fails destroys the connection: it is not lost. A second one rejects.',
    'Inside a transaction, what is not given `{ transaction }` takes another connection.',
  ],
  ...EXPORTS,
  types: {
    Sequelize: {
      ...SEQUELIZE,
      statics: { Sequelize: { is: 'class', type: 'Sequelize' } },
      members: {
        ...KEEPERS,
        transaction: { effect: 'acquire', yields: 'Transaction', style: 'promise', unless: 'callback' },
        connectionManager: { effect: 'has', type: 'ConnectionManager' },
      },
    },
    Model: MODEL,
    ConnectionManager: { noun: 'connection manager', members: { getConnection: { effect: 'acquire', yields: 'RawConnection', style: 'promise' } } },
    RawConnection: RAW_CONNECTION,
    Transaction: TRANSACTION,
  },
};

/** The next version of Sequelize: unmanaged transactions have a method of their own. */
export const sequelizeCore: Driver = {
  library: '@sequelize/core',
  modules: ['@sequelize/core'],
  source: 'https://sequelize.org/docs/v7/querying/transactions/; @sequelize/core 7.0.0-alpha.48 read (facts/drivers.md)',
  example: {
    setup: ["import { Sequelize } from '@sequelize/core';", "const sequelize = new Sequelize('postgres://localhost/shop');"],
    take: ['const transaction = await sequelize.startUnmanagedTransaction();'],
    use: ["await sequelize.query('UPDATE orders SET open = false', { transaction });"],
  },
  traps: [
    '`sequelize.transaction(…)` wants a callback.',
  ],
  ...EXPORTS,
  types: {
    Sequelize: { ...SEQUELIZE, members: { ...KEEPERS, startUnmanagedTransaction: { effect: 'acquire', yields: 'Transaction', style: 'promise' } } },
    Model: MODEL,
    Transaction: TRANSACTION,
  },
};
