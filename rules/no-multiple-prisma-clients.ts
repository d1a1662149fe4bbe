import { createRule } from '../src/rule/create-rule.ts';

/** Each PrismaClient has a connection pool of its own: a process needs one for each database, made once. */
export const noMultiplePrismaClients = createRule({
  name: 'no-multiple-prisma-clients',
  description: 'Disallow more than one PrismaClient for the same database',
  recommended: true,
  reports: ['prisma-client'],
  hasFixes: true,
});
