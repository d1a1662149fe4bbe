import { defineConfig } from 'tsdown';

// ESM only: Node 20.19 and later give `require()` the export named 'module.exports', so one build serves both.
export default defineConfig({
  entry: { index: 'rules/index.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  dts: true,
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  // One file: every editor and every lint run loads the whole plugin, and nobody imports its parts.
  outputOptions: { codeSplitting: false },
});
