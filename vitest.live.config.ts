import { defineConfig } from 'vitest/config';

/** What needs the libraries of tests/live/package.json, and a server: `npm run test:live` installs them there and runs this. */
export default defineConfig({
  test: { include: ['tests/live/prisma-with-postgres.ts', 'tests/live/with-debian-servers.ts', 'tests/real-pools/claims.test.ts'], testTimeout: 30_000, hookTimeout: 60_000 },
});
