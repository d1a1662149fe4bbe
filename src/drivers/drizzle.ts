import type { Driver } from './driver.ts';

/** Drizzle over drivers that pool. Given a URL or a `connection` it makes the pool by itself; given a client it stands for that one. */
export const drizzle: Driver = {
  library: 'drizzle-orm',
  modules: [
    'drizzle-orm/node-postgres', 'drizzle-orm/postgres-js', 'drizzle-orm/mysql2', 'drizzle-orm/neon-serverless', 'drizzle-orm/singlestore', 'drizzle-orm/bun-sql',
  ],
  source: 'https://orm.drizzle.team/docs/get-started-postgresql; drizzle-orm 0.45.4, run (tests/real-pools)',
  traps: [
    '`drizzle(url)` makes a pool of its own (`db.$client`).',
    '`db.transaction(…)` takes its client before its own `try`: a BEGIN that fails loses it (drizzle issue 6241).',
  ],
  exports: { drizzle: { is: 'factory', type: 'Database' } },
  types: {
    Database: {
      noun: 'Drizzle database',
      root: { holds: 'a pool of up to 10 connections', close: '$.$client.end()', stays: 'as long as its driver keeps it', ownsIf: { url: true, options: ['connection'] } },
      wraps: { close: '$.$client.end()' },
      isPartial: true,
      members: { $client: { effect: 'self' }, end: { effect: 'ends' } },
    },
  },
};
