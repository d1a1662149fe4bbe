import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['tests/**/*.test.ts'],
    // The package tests build the plugin and start three ESLint versions; the machine may be busy with other work.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
