import type { Driver } from './driver.ts';

/**
 * Neo4j: the driver is the pool; sessions are taken from it, and `close()` rolls back a transaction that is open: so transactions have no rows of
 * their own.
 */
export const neo4j: Driver = {
  library: 'neo4j-driver',
  modules: ['neo4j-driver', 'neo4j-driver-lite'],
  source: 'https://neo4j.com/docs/javascript-manual/current/transactions/; neo4j-driver 6.3.0 run without a server and read (facts/drivers.md)',
  example: {
    setup: ["import neo4j from 'neo4j-driver';", "const driver = neo4j.driver('bolt://localhost');"],
    take: ['const session = driver.session();'],
    use: ["await session.run('MATCH (n) RETURN count(n)');"],
  },
  traps: [
    '`session.executeRead(…)` and `executeWrite(…)` end their transaction, but not the session.',
  ],
  exports: { driver: { is: 'factory', type: 'Driver' }, Driver: { is: 'type', type: 'Driver' }, Session: { is: 'type', type: 'Session' } },
  types: {
    Driver: {
      noun: 'driver',
      root: { holds: 'a pool of up to 100 connections', close: '$.close()', stays: 'for up to an hour' },
      members: {
        // It closes all connections, those of open sessions too.
        close: { effect: 'ends', closesTaken: true },
        session: { effect: 'acquire', yields: 'Session', style: 'direct' },
        rxSession: { effect: 'acquire', yields: 'Session', style: 'direct' },
      },
    },
    Session: {
      noun: 'session',
      ending: 'close',
      scoped: [{ call: '@.executeQuery', since: '5.0.0' }],
      giveBack: 'await $.close()',
      useAfterRelease: 'throws',
      members: { close: { effect: 'release', again: 'harmless', mayReject: true } },
      dispose: { kind: 'async', effect: 'release', since: '5.15.0' },
    },
  },
};
