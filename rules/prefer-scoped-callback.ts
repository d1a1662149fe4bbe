import { createRule } from '../src/rule/create-rule.ts';

/**
 * Where the library, or a function of the project, takes a connection, hands it to a callback and gives it back by itself, nobody can forget a path. Reported on the
 * acquiring call of code that gives back on every path, and does the same in that form.
 */
export const preferScopedCallback = createRule({
  name: 'prefer-scoped-callback',
  description: 'Prefer a call that gives the connection to a callback and takes it back by itself',
  recommended: false,
  reports: ['manual-release'],
  hasFixes: true,
});
