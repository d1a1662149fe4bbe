import { createRule } from '../src/rule/create-rule.ts';
import { FIX_STYLE_OPTION } from '../src/rule/fix-style-option.ts';

/**
 * A connection that is taken must be given back on every path: when the function returns, when a call throws, and when
 * the consumer of a generator stops early. Reported on the acquiring call.
 */
export const requireRelease = createRule({
  name: 'require-release',
  description: 'Require that a database connection is given back on every path',
  recommended: true,
  reports: ['leak'],
  hasFixes: true,
  options: { fixStyle: FIX_STYLE_OPTION },
});
