import type { Driver, ReleaseRow } from './driver.ts';

/** A second one does nothing (run on 1.5.6). */
const CLOSE: ReleaseRow = { effect: 'release', again: 'harmless' };

/** DuckDB: a database in the process, whose connections cost memory and may be kept. */
export const duckdb: Driver = {
  library: '@duckdb/node-api',
  modules: ['@duckdb/node-api'],
  source: 'https://duckdb.org/docs/stable/clients/node_neo/overview; @duckdb/node-api 1.5.6-r.1 run on 2026-11-21: a second close does nothing, a use after it rejects (facts/drivers.md)',
  example: {
    setup: ["import { DuckDBInstance } from '@duckdb/node-api';", "const instance = await DuckDBInstance.create('shop.duckdb');"],
    take: ['const connection = await instance.connect();'],
    use: ["await connection.run('UPDATE orders SET is_open = false');"],
  },
  traps: [
    'A connection may be kept, and what nobody closes is closed by the garbage collector. Code that closes it where all goes well owes that where something fails, too.',
  ],
  exports: { DuckDBInstance: { is: 'class', type: 'DuckDBInstance' }, DuckDBConnection: { is: 'class', type: 'DuckDBConnection' } },
  types: {
    DuckDBInstance: {
      noun: 'DuckDB instance',
      statics: { create: { is: 'factory', type: 'DuckDBInstance', gives: 'promise' }, fromCache: { is: 'factory', type: 'DuckDBInstance', gives: 'promise' } },
      members: { closeSync: { effect: 'ends' }, connect: { effect: 'acquire', yields: 'DuckDBConnection', style: 'promise' } },
    },
    DuckDBConnection: {
      noun: 'connection',
      ending: 'close',
      giveBack: '$.closeSync()',
      mayStay: true,
      useAfterRelease: 'throws',
      statics: { create: { is: 'acquire', yields: 'DuckDBConnection', style: 'promise' } },
      members: { closeSync: CLOSE, disconnectSync: CLOSE },
    },
  },
};
