import type { Driver, TypeRow } from './driver.ts';

/** A dialect keeps the pool that it is given; what makes one by itself is given a function, and makes it later. */
const DIALECT: TypeRow = { noun: 'dialect', wraps: { close: '' }, isPartial: true, failsLater: true, giveBack: '', members: {} };

/** Kysely opens nothing itself: what is counted is the pool that its dialect is given, which `destroy()` ends. */
export const kysely: Driver = {
  library: 'kysely',
  modules: ['kysely'],
  source: 'https://kysely.dev/docs/getting-started#instantiation; kysely 0.28.18 run (facts/drivers.md)',
  exports: {
    Kysely: { is: 'class', type: 'Kysely' },
    PostgresDialect: { is: 'class', type: 'Dialect' },
    MysqlDialect: { is: 'class', type: 'Dialect' },
  },
  types: {
    Dialect: DIALECT,
    Kysely: {
      noun: 'Kysely instance',
      wraps: { close: '$.destroy()' },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { destroy: { effect: 'ends' }, withSchema: { effect: 'self' }, withPlugin: { effect: 'self' }, $extendTables: { effect: 'self' } },
    },
  },
};
