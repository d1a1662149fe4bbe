import type { Driver, ReleaseRow } from './driver.ts';

/** A second end throws `ValidationError.transactionRequired` (run). A flush in `commit()` that fails leaves the transaction open (run). */
const END: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

/** MikroORM: the instance is the pool, and its entity managers keep it. The entity manager itself holds the connection from `begin()` on. */
export const mikroOrm: Driver = {
  library: '@mikro-orm/core',
  modules: ['@mikro-orm/core', '@mikro-orm/postgresql', '@mikro-orm/mysql', '@mikro-orm/mariadb', '@mikro-orm/mssql', '@mikro-orm/mongodb'],
  source: 'https://mikro-orm.io/docs/transactions; run on 7.2.1 against PostgreSQL 15 (facts/drivers.md)',
  example: {
    setup: ["import { MikroORM } from '@mikro-orm/postgresql';", 'const orm = await MikroORM.init();'],
    take: ['const em = orm.em.fork();', 'await em.begin();'],
    use: ["await em.nativeUpdate('Order', {}, { open: false });"],
  },
  traps: [
    '`commit()` flushes first; a flush that fails leaves the transaction open until `rollback()`.',
  ],
  exports: {
    MikroORM: { is: 'class', type: 'MikroORM' },
    EntityManager: { is: 'type', type: 'EntityManager' },
    SqlEntityManager: { is: 'type', type: 'EntityManager' },
  },
  types: {
    MikroORM: {
      noun: 'MikroORM instance',
      root: { holds: 'a pool of up to 10 connections', close: '$.close()', stays: 'as long as its driver keeps it' },
      statics: { init: { is: 'factory', type: 'MikroORM', gives: 'promise' }, initSync: { is: 'factory', type: 'MikroORM' } },
      members: { close: { effect: 'ends' }, em: { effect: 'has', type: 'EntityManager' } },
    },
    EntityManager: {
      noun: 'transaction',
      ending: 'commit or rollback',
      scoped: [{ call: '@.transactional', gives: '$', commits: true }],
      giveBack: 'await $.rollback()',
      members: {
        fork: { effect: 'returns', type: 'EntityManager', keeps: true },
        begin: { effect: 'acquire', yields: 'EntityManager', style: 'receiver' },
        commit: END,
        rollback: END,
        isInTransaction: { effect: 'tells', by: 'call', released: false },
      },
    },
  },
};
