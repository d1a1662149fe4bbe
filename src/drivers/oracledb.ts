import type { Driver, ReleaseRow } from './driver.ts';

/** `release` is another name of `close`. A second one rejects with NJS-003 (run). */
const CLOSE: ReleaseRow = { effect: 'release', again: 'throws', mayReject: true };

const GET = { yields: 'Connection', style: 'promise', callback: { handle: 1 } } as const;

/** oracledb. The second pool with the same alias is refused, but the alias is often absent from the code that makes it. */
export const oracledb: Driver = {
  library: 'oracledb',
  modules: ['oracledb'],
  source: 'https://node-oracledb.readthedocs.io/en/latest/user_guide/connection_handling.html#connection-pooling; run without a server, and read (facts/drivers.md)',
  example: {
    setup: ["import oracledb from 'oracledb';", 'const pool = oracledb.getPool();'],
    take: ['const connection = await pool.getConnection();'],
    use: ["await connection.execute('UPDATE orders SET is_open = 0');"],
  },
  traps: [
    'There is no `pool.query()`: each statement wants a connection.',
    '`close()` gives back to the pool and rolls back; a second one rejects (NJS-003).',
  ],
  exports: {
    createPool: { is: 'factory', type: 'Pool', gives: 'promise', callback: { handle: 1 } },
    getPool: { is: 'factory', type: 'KnownPool' },
    getConnection: { is: 'acquire', ...GET },
    Pool: { is: 'type', type: 'Pool' },
    Connection: { is: 'type', type: 'Connection' },
  },
  types: {
    Pool: {
      noun: 'pool',
      root: { holds: 'up to 4 connections', close: '$.close()', stays: 'for a minute after its last use' },
      members: { close: { effect: 'ends' }, terminate: { effect: 'ends' }, getConnection: { effect: 'acquire', ...GET } },
    },
    KnownPool: { noun: 'pool', members: { getConnection: { effect: 'acquire', ...GET } } },
    Connection: {
      noun: 'connection',
      ending: 'close',
      giveBack: 'await $.close()',
      useAfterRelease: 'throws',
      members: { close: CLOSE, release: CLOSE },
      dispose: { kind: 'async', effect: 'release', since: '7.0.0' },
    },
  },
};
