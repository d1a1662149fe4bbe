import { createRule } from '../src/rule/create-rule.ts';

/** A connection must not be given back twice: the second release throws, or takes the connection away from its next holder. */
export const noDoubleRelease = createRule({
  name: 'no-double-release',
  description: 'Disallow giving the same database connection back twice',
  recommended: true,
  reports: ['double-release'],
  hasFixes: true,
});
