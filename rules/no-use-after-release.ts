import { createRule } from '../src/rule/create-rule.ts';

/** A connection must not be used after its release: by then it may belong to somebody else. */
export const noUseAfterRelease = createRule({
  name: 'no-use-after-release',
  description: 'Disallow using a database connection after it was given back',
  recommended: true,
  reports: ['use-after-release'],
  hasFixes: true,
});
