import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

/** A name in quotes behind `as` is a syntax error for TypeScript before 5.6, which gets declarations without it: to it, `require()` gives a namespace. */
function writeOlderDeclarations(folder: string): void {
  const declarations = readFileSync(join(folder, 'index.d.ts'), 'utf8');
  const older = declarations.replace(/, plugin as "module\.exports"/, '');
  if (older === declarations) throw new Error('the declarations do not export "module.exports" any more as this function knows it');
  writeFileSync(join(folder, 'index-before-5.6.d.ts'), older);
}

export default defineConfig([
  // The plugin is one file: every editor and every lint run loads the whole of it, and nobody imports its parts.
  { ...common, entry: { index: 'rules/index.ts' }, dts: true, footer: { dts: typesForEslint }, hooks: { 'build:done': ({ options }) => writeOlderDeclarations(options.outDir) }, outputOptions: { codeSplitting: false } },
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
