import type { Driver } from './driver.ts';

/** Sequelize 6, its next version, and the package that adds decorators to it. Models keep the instance that they were defined on. */
export const sequelize: Driver = {
  library: 'sequelize',
  modules: ['sequelize', '@sequelize/core', 'sequelize-typescript'],
  source: 'https://sequelize.org/docs/v6/other-topics/connection-pool/; sequelize 6.37.8 run (facts/drivers.md)',
  itself: { is: 'class', type: 'Sequelize' },
  exports: { Sequelize: { is: 'class', type: 'Sequelize' } },
  types: {
    Sequelize: {
      noun: 'Sequelize instance',
      root: { holds: 'a pool of up to 5 connections', close: '$.close()', stays: 'for 10 seconds after its last use', exceptIf: { dialect: ['sqlite'] } },
      isPartial: true,
      failsLater: true,
      giveBack: '',
      statics: { Sequelize: { is: 'class', type: 'Sequelize' } },
      members: {
        close: { effect: 'ends' },
        define: { effect: 'self' },
        model: { effect: 'self' },
        models: { effect: 'self' },
      },
    },
  },
};
