import { createRule } from '../src/rule/create-rule.ts';

/**
 * A pool, or another object with connections of its own (a DataSource, a client that pools), is made once and shared. One that is made on every call of
 * a function and not closed on every path leaves its connections open. Reported on the construction.
 */
export const noPoolPerCall = createRule({
  name: 'no-pool-per-call',
  description: 'Disallow making a connection pool on every call without closing it on every path',
  recommended: true,
  reports: ['root-per-call'],
  hasFixes: true,
});
