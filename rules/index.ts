/** The plugin: rules by name, and presets derived from what the rules say of themselves. */
import { name, version } from '../package.json';
import { cacheableSettings } from '../src/rule/cacheable-settings.ts';
import type { ConnectionLeaksRule } from '../src/rule/create-rule.ts';
import type { CommonOptions, RequireReleaseOptions, StoredConnectionOptions } from '../src/rule/rule-options.ts';
import type { ConnectionLeaksSettings } from '../src/rule/settings.ts';
import { noDoubleRelease } from './no-double-release.ts';
import { noMultiplePrismaClients } from './no-multiple-prisma-clients.ts';
import { noPoolPerCall } from './no-pool-per-call.ts';
import { noStoredConnection } from './no-stored-connection.ts';
import { noUseAfterRelease } from './no-use-after-release.ts';
import { preferScopedCallback } from './prefer-scoped-callback.ts';
import { requireRelease } from './require-release.ts';

export type { CommonOptions, RequireReleaseOptions, StoredConnectionOptions } from '../src/rule/rule-options.ts';
export type { ConnectionLeaksSettings } from '../src/rule/settings.ts';

const PREFIX = 'connection-leaks';

/** Name of a rule, without prefix. Spelt out, because the declarations must not lead into the engine. */
export type RuleName =
  | 'require-release'
  | 'no-double-release'
  | 'no-use-after-release'
  | 'no-stored-connection'
  | 'no-pool-per-call'
  | 'no-multiple-prisma-clients'
  | 'prefer-scoped-callback';

/** All rules, in the order of the documentation. */
const rules: Readonly<Record<RuleName, ConnectionLeaksRule>> = {
  'require-release': requireRelease,
  'no-double-release': noDoubleRelease,
  'no-use-after-release': noUseAfterRelease,
  'no-stored-connection': noStoredConnection,
  'no-pool-per-call': noPoolPerCall,
  'no-multiple-prisma-clients': noMultiplePrismaClients,
  'prefer-scoped-callback': preferScopedCallback,
};

/** A rule as users' configurations see it. Spelt out, so that the declarations need no other package. */
export interface PublicRule {
  meta: {
    type: 'problem';
    docs: { description: string; recommended: boolean; url: string };
    schema: object[];
    messages: Record<string, string>;
  };
  create(context: object): Record<string, (node: object) => void>;
}

/** How a preset switches a rule on. */
export type RuleEntry = 'error' | ['error', { code: 'all' }];

type Severity = 'off' | 'warn' | 'error' | 0 | 1 | 2;
type OptionsOf<Name extends RuleName> = Name extends 'no-stored-connection' ? StoredConnectionOptions : Name extends 'require-release' ? RequireReleaseOptions : CommonOptions;

/** How a configuration sets the rules, with their options. */
export type ConnectionLeaksRules = { [Name in RuleName as `connection-leaks/${Name}`]?: Severity | [Severity] | [Severity, OptionsOf<Name>] };

/** A preset: one object for a plain config array or for `extends`. */
export interface Preset {
  name: string;
  plugins: { [PREFIX]: Plugin };
  rules: Partial<Record<`connection-leaks/${RuleName}`, RuleEntry>>;
}

/** A preset for `extends` in an `.eslintrc` file, under ESLint 8. */
export interface LegacyPreset {
  plugins: [typeof PREFIX];
  rules: Preset['rules'];
}

export type PresetName = 'recommended' | 'strict' | 'all';

export interface Plugin {
  meta: { name: string; version: string; namespace: string };
  rules: Record<RuleName, PublicRule>;
  configs: Record<PresetName, Preset> & Record<`legacy-${PresetName}`, LegacyPreset>;
  /** For `eslint --cache`: the settings of the plugin, with a hash of what the rules read in other files than the one that is linted. */
  cacheableSettings(settings?: ConnectionLeaksSettings, cwd?: string): ConnectionLeaksSettings;
}

const plugin: Plugin = {
  meta: { name, version, namespace: PREFIX },
  rules: rules as unknown as Record<RuleName, PublicRule>,
  configs: {} as Plugin['configs'],
  cacheableSettings,
};

/** What each preset does with a rule; undefined: it leaves it alone. */
const PRESETS: Readonly<Record<PresetName, (rule: ConnectionLeaksRule) => RuleEntry | undefined>> = {
  recommended: (rule) => (rule.meta.docs?.recommended === true ? 'error' : undefined),
  strict: (rule) => (rule.meta.docs?.recommended === true ? ['error', { code: 'all' }] : undefined),
  all: () => ['error', { code: 'all' }],
};

for (const [presetName, entryOf] of Object.entries(PRESETS) as [PresetName, (typeof PRESETS)[PresetName]][]) {
  const entries = Object.entries(rules).flatMap(([rule, module]) => {
    const entry = entryOf(module);
    return entry === undefined ? [] : [[`${PREFIX}/${rule}`, entry] as const];
  });
  // The preset carries the plugin itself, so that it is complete in a plain config array.
  plugin.configs[presetName] = { name: `${PREFIX}/${presetName}`, plugins: { [PREFIX]: plugin }, rules: Object.fromEntries(entries) };
  plugin.configs[`legacy-${presetName}`] = { plugins: [PREFIX], rules: Object.fromEntries(entries) };
}

export default plugin;
// `require()` of this ES module gives the plugin itself.
export { plugin as 'module.exports' };
