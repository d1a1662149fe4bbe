/** The plugin: rules by name, and presets derived from what the rules say of themselves. */
import type { ESLint, Linter } from 'eslint';
import { name, version } from '../package.json';
import type { ConnectionLeaksRule } from '../src/rule/create-rule.ts';
import { noDoubleRelease } from './no-double-release.ts';
import { noUseAfterRelease } from './no-use-after-release.ts';
import { requireRelease } from './require-release.ts';

export type { ConnectionLeaksSettings } from '../src/rule/settings.ts';

const PREFIX = 'connection-leaks';

/** All rules, by name without prefix. */
export const rules: Readonly<Record<string, ConnectionLeaksRule>> = {
  'require-release': requireRelease,
  'no-double-release': noDoubleRelease,
  'no-use-after-release': noUseAfterRelease,
};

interface Plugin extends ESLint.Plugin {
  meta: { name: string; version: string; namespace: string };
  rules: NonNullable<ESLint.Plugin['rules']>;
  configs: { recommended: Linter.Config };
}

const plugin: Plugin = {
  meta: { name, version, namespace: PREFIX },
  rules: rules as unknown as NonNullable<ESLint.Plugin['rules']>,
  configs: {
    recommended: {
      name: `${PREFIX}/recommended`,
      plugins: {},
      rules: Object.fromEntries(
        Object.entries(rules)
          .filter(([, rule]) => rule.meta.docs?.recommended)
          .map(([rule]) => [`${PREFIX}/${rule}`, 'error' as const]),
      ),
    },
  },
};
// The preset carries the plugin itself, so that it is complete in a plain config array.
plugin.configs.recommended.plugins = { [PREFIX]: plugin };

export default plugin;
// `require()` of this ES module gives the plugin itself.
export { plugin as 'module.exports' };
