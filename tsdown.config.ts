import { defineConfig } from 'tsdown';

// ESM only: Node 20.19 and later give `require()` the export named 'module.exports', so one build serves both.
const common = {
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
} as const;

// `defineConfig` learns the shape of the settings from there.
const typesForEslint = "import type {} from '../types/settings.cjs';";

export default defineConfig([
  // The plugin is one file: every editor and every lint run loads the whole of it, and nobody imports its parts.
  { ...common, entry: { index: 'rules/index.ts' }, dts: true, footer: { dts: typesForEslint }, outputOptions: { codeSplitting: false } },
  // The command and the formatters share what they have in common, the engine above all.
  {
    ...common,
    entry: {
      'connection-leaks': 'src/cli/connection-leaks.ts',
      'formatters/sarif': 'src/cli/formatters/sarif.ts',
      'formatters/github': 'src/cli/formatters/github.ts',
      'formatters/gitlab': 'src/cli/formatters/gitlab.ts',
    },
    dts: false,
    clean: false,
  },
]);
