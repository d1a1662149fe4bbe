import { createRule } from '../src/rule/create-rule.ts';
import { DEDICATED_OPTION } from '../src/rule/dedicated-option.ts';

/**
 * A connection of a pool must not be kept beyond the operation that took it: in a field, a module variable, or an object that was constructed with it.
 * Reported on the acquiring call.
 */
export const noStoredConnection = createRule({
  name: 'no-stored-connection',
  description: 'Disallow keeping a connection of a pool beyond the operation that took it',
  recommended: true,
  reports: ['stored'],
  options: { dedicated: DEDICATED_OPTION },
  hasFixes: true,
  allows: (finding, options) => finding.kind === 'stored' && finding.isDedicated && options.dedicated === 'pooled',
});
