import type { Driver } from './driver.ts';

/** MikroORM: the instance is the pool, and its entity managers keep it. */
export const mikroOrm: Driver = {
  library: '@mikro-orm/core',
  modules: ['@mikro-orm/core', '@mikro-orm/postgresql', '@mikro-orm/mysql', '@mikro-orm/mariadb', '@mikro-orm/mssql', '@mikro-orm/mongodb'],
  source: 'https://mikro-orm.io/docs/quick-start; run on 7.2.1 (facts/drivers.md)',
  exports: { MikroORM: { is: 'class', type: 'MikroORM' } },
  types: {
    MikroORM: {
      noun: 'MikroORM instance',
      root: { holds: 'a pool of up to 10 connections', close: '$.close()', stays: 'as long as its driver keeps it' },
      statics: { init: { is: 'factory', type: 'MikroORM', gives: 'promise' }, initSync: { is: 'factory', type: 'MikroORM' } },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { close: { effect: 'ends' }, em: { effect: 'self' }, fork: { effect: 'self' } },
    },
  },
};
