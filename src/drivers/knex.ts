import type { Driver } from './driver.ts';

/** Knex: the module is the function that makes the instance. Its pool keeps two connections open for good. */
export const knex: Driver = {
  library: 'knex',
  modules: ['knex'],
  source: 'https://knexjs.org/guide/#configuration-options; knex 3.3.0 run against PostgreSQL 15 (facts/drivers.md)',
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
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: { destroy: { effect: 'ends' }, withUserParams: { effect: 'self' } },
    },
  },
};
