// What `defineConfig` says of `settings['connection-leaks']`. ESLint's own declarations are CommonJS, hence this file is.
// @ts-ignore: a module of its own, whatever the compiler thinks of how it is imported
import type { ConnectionLeaksSettings } from 'eslint-plugin-connection-leaks';

// @ts-ignore: not there without ESLint, or with one that has no such interface
declare module '@eslint/core' {
  interface SettingsConfig {
    'connection-leaks'?: ConnectionLeaksSettings;
  }
}
