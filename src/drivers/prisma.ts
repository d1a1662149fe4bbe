import type { Driver } from './driver.ts';

/**
 * Prisma. A client that a schema generates elsewhere has the same exports under another specifier: the bindings make a copy of this table for each
 * (`ModuleSource.generatedClient`). `PrismaClient` of a generated file is a constant and a type, no class declaration.
 */
export const prisma: Driver = {
  library: 'prisma',
  modules: [
    '@prisma/client', '@prisma/client/edge', '@prisma/client/wasm', '@prisma/client/react-native', '@prisma/client/index', '@prisma/client/default',
    '.prisma/client', '.prisma/client/edge', '.prisma/client/wasm', '.prisma/client/index', '.prisma/client/default',
  ],
  source: 'https://www.prisma.io/docs/orm/prisma-client/setup-and-configuration/databases-connections; 7.10.0 run, 6.19.3 read (facts/drivers.md, §7)',
  traps: [
    'Each `new PrismaClient()` has a pool of its own; `$extends()` shares it.',
    '`?connection_limit=` in the URL is ignored from 7 on (adapters have pools with options of their own).',
  ],
  exports: {
    PrismaClient: { is: 'class', type: 'PrismaClient' },
  },
  types: {
    PrismaClient: {
      noun: 'client',
      root: { holds: 'a pool of its own', close: '$.$disconnect()', rule: 'no-multiple-prisma-clients' },
      isPartial: true,
      members: {
        // Closes the pool. A query after it opens the pool again.
        $disconnect: { effect: 'ends' },
        // Shares the engine and the pool (run).
        $extends: { effect: 'self' },
      },
    },
  },
};
