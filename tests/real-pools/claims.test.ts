/** The claims of the tables about what runs with what `npm ci` brings: pg against PostgreSQL from a package, mysql2 against its own server, and files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import mysqlCallback from 'mysql2';
import mysql from 'mysql2/promise';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, afterEach, describe } from 'vitest';
import { filePromises } from '../../src/drivers/file-handle.ts';
import { mysql2, mysql2Promise } from '../../src/drivers/mysql2.ts';
import { pg as pgDriver } from '../../src/drivers/pg.ts';
import { describeClaims, type Subject } from './claims.ts';
import { startMysqlServer, type MysqlServer } from './mysql-server.ts';
import { startPostgres, whyNoPostgres, type PostgresServer } from './postgres-server.ts';

/** The lists that a pool of mysql2 keeps. */
interface Lists {
  readonly _allConnections: { readonly length: number };
  readonly _freeConnections: { readonly length: number };
}

const outOf = ({ _allConnections, _freeConnections }: Lists): number => _allConnections.length - _freeConnections.length;

let server: MysqlServer;
beforeAll(async () => {
  server = await startMysqlServer();
});
afterAll(() => server.close());

describe('mysql2/promise', () => {
  let pool: mysql.Pool;
  beforeEach(() => {
    pool = mysql.createPool({ host: '127.0.0.1', port: server.port, user: 'shop', connectionLimit: 1 });
  });
  afterEach(() => pool.end());

  describeClaims(mysql2Promise, 'PoolConnection', (): Subject => ({
    driver: mysql2Promise, type: 'PoolConnection', source: pool,
    out: () => outOf((pool as unknown as { pool: Lists }).pool),
    take: () => pool.getConnection(),
    use: (taken) => (taken as mysql.PoolConnection).query('select 1'),
  }));
});

describe('mysql2', () => {
  let pool: mysqlCallback.Pool;
  beforeEach(() => {
    pool = mysqlCallback.createPool({ host: '127.0.0.1', port: server.port, user: 'shop', connectionLimit: 1 });
  });
  afterEach(() => new Promise<void>((resolve) => pool.end(() => resolve())));

  describeClaims(mysql2, 'PoolConnection', (): Subject => ({
    driver: mysql2, type: 'PoolConnection', source: pool,
    out: () => outOf(pool as unknown as Lists),
    take: () => new Promise((resolve, reject) => pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)))),
    use: (taken) => new Promise((resolve, reject) => (taken as mysqlCallback.PoolConnection).query('select 1', (error, rows) => (error ? reject(error) : resolve(rows)))),
  }));
});

describe.skipIf(whyNoPostgres() !== undefined)('pg', () => {
  let database: PostgresServer;
  let pool: pg.Pool;
  beforeAll(async () => {
    database = await startPostgres();
  }, 60_000);
  afterAll(() => database.stop());
  beforeEach(() => {
    pool = new pg.Pool({ ...database.at, max: 1 });
    // The server may be stopped before the last connection is closed.
    pool.on('connect', (client) => client.on('error', () => undefined));
  });
  afterEach(() => pool.end());

  describeClaims(pgDriver, 'PoolClient', (): Subject => ({
    driver: pgDriver, type: 'PoolClient', source: pool,
    out: () => pool.totalCount - pool.idleCount,
    take: () => pool.connect(),
    use: (client) => (client as pg.PoolClient).query('select 1'),
  }));
});

describe('fs/promises', () => {
  const folder = mkdtempSync(join(tmpdir(), 'connection-leaks-'));
  const taken: FileHandle[] = [];
  afterAll(() => rmSync(folder, { recursive: true }));

  describeClaims(filePromises, 'FileHandle', (): Subject => ({
    driver: filePromises, type: 'FileHandle', source: {},
    // What is closed has the descriptor -1.
    out: () => taken.filter(({ fd }) => fd >= 0).length,
    take: async () => {
      const file = await open(join(folder, 'orders.csv'), 'w+');
      taken.push(file);
      return file;
    },
    use: (file) => (file as FileHandle).readFile(),
  }));
});
