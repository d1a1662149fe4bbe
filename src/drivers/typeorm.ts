import type { Driver } from './driver.ts';

/**
 * TypeORM. `createConnection()` (before 1.0) is no construction: what it gives is kept under its name, where `getConnection()` finds it, and a second one of that
 * name is refused.
 */
export const typeorm: Driver = {
  library: 'typeorm',
  modules: ['typeorm'],
  source: 'https://typeorm.io/docs/data-source/data-source; typeorm 1.1.1 and 0.3.31 run (facts/drivers.md)',
  exports: {
    DataSource: { is: 'class', type: 'DataSource' },
    Connection: { is: 'class', type: 'DataSource' },
  },
  types: {
    DataSource: {
      noun: 'DataSource',
      root: {
        holds: 'the connections of its driver, as a rule up to 10',
        close: '$.destroy()',
        stays: 'as long as its driver keeps it',
        exceptIf: { type: ['sqlite', 'better-sqlite3', 'sqljs', 'expo', 'cordova', 'capacitor', 'react-native', 'nativescript'] },
      },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      members: {
        destroy: { effect: 'ends' },
        close: { effect: 'ends' },
        initialize: { effect: 'self' },
        connect: { effect: 'self' },
        manager: { effect: 'self' },
        getRepository: { effect: 'self' },
        getTreeRepository: { effect: 'self' },
        getMongoRepository: { effect: 'self' },
        getCustomRepository: { effect: 'self' },
      },
    },
  },
};
