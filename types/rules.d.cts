// What `defineConfig` says of the options of the rules, for those who ask for it: an option that may be left out does not fit the index signature beside it where
// declarations are checked too (`skipLibCheck: false`).
// @ts-ignore: a module of its own, whatever the compiler thinks of how it is imported
import type { ConnectionLeaksRules } from 'eslint-plugin-connection-leaks';

// @ts-ignore: not there without ESLint, or with one that has no such interface
declare module '@eslint/core' {
  interface RulesConfig extends ConnectionLeaksRules {}
}
