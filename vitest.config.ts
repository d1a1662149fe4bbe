import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // By default one core is left alone, which on two is half of them.
    maxWorkers: '100%',
    // The engine is loaded once for each worker, and not for each file: that took a quarter of the time. A file that changes something global puts it back.
    isolate: false,
    // The package tests build the plugin and start three ESLint versions; the machine may be busy with other work.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
