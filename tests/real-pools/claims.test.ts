/**
 * The claims of the tables about what runs with what `npm ci` brings: what speaks to PostgreSQL against one from a package, mysql2 against its own server, pools of anything, and
 * files. Prisma, MariaDB and Redis are in `tests/live`.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPgDriverFactory } from '@slonik/pg-driver';
import { drizzle as makeDrizzle } from 'drizzle-orm/node-postgres';
import createKnex, { type Knex } from 'knex';
import { Kysely, PostgresDialect, sql as kyselySql } from 'kysely';
import mysqlCallback from 'mysql2';
import mysql from 'mysql2/promise';
import pg from 'pg';
import pgPromise from 'pg-promise';
import postgres from 'postgres';
import { Sequelize } from 'sequelize';
import { createPool as createSlonikPool, sql as slonikSql, type DatabasePool } from 'slonik';
import { DataSource } from 'typeorm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Driver } from '../../src/drivers/driver.ts';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import { drizzle } from '../../src/drivers/drizzle.ts';
import { filePromises } from '../../src/drivers/file-handle.ts';
import { mysql2, mysql2Promise } from '../../src/drivers/mysql2.ts';
import { describeClaims, type Subject } from './claims.ts';
import { LIBRARIES, POOLS } from './libraries.ts';
import { startMysqlServer, type MysqlServer } from './mysql-server.ts';
import { startPostgres, whyNoPostgres, type PostgresServer } from './postgres-server.ts';
import { describeRootClaims } from './root-claims.ts';

const driverOf = (library: string): Driver => DRIVERS.find((driver) => driver.library === library)!;

/** The lists that a pool of mysql2 keeps. */
interface Lists {
  readonly _allConnections: { readonly length: number };
  readonly _freeConnections: { readonly length: number };
}

const outOf = ({ _allConnections, _freeConnections }: Lists): number => _allConnections.length - _freeConnections.length;

describe('over the server of mysql2', () => {
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
      except: { execute: 'this server prepares nothing' },
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
      asks: (ask) => new Promise((resolve, reject) => void ask((error, rows) => (error ? reject(error as Error) : resolve(rows)))),
      except: { execute: 'this server prepares nothing' },
    }));
  });
});

describe.skipIf(whyNoPostgres() !== undefined)('over PostgreSQL', () => {
  let server: PostgresServer;
  beforeAll(async () => {
    server = await startPostgres();
  }, 60_000);
  afterAll(() => server.stop());
  const connections = (): Promise<number> => server.connections();

  describe.each(LIBRARIES)('$library', ({ library, type, open: openLibrary }) => {
    let opened: Awaited<ReturnType<typeof openLibrary>>;
    beforeEach(async () => {
      opened = await openLibrary(server);
    });
    afterEach(() => opened.end() as Promise<void>);
    describeClaims(driverOf(library), type, () => ({ driver: driverOf(library), type, ...opened }));
  });

  describe('roots', () => {
    describeRootClaims(driverOf('pg'), 'Pool', ['end'], () => ({ make: async () => new pg.Pool(server.at), use: (pool) => (pool as pg.Pool).query('select 1'), connections }));

    describeRootClaims(driverOf('pg-promise'), 'Database', ['end'], () => ({
      // The table knows the pool by the same type.
      make: async () => pgPromise({ noWarnings: true })({ ...server.at }).$pool,
      use: (pool) => (pool as unknown as pg.Pool).query('select 1'),
      connections,
    }));

    describeRootClaims(driverOf('postgres'), 'Sql', ['close', 'end'], () => ({ make: async () => postgres(server.url), use: (sql) => (sql as postgres.Sql)`select 1`, connections }));

    describeRootClaims(driverOf('knex'), 'Knex', ['destroy'], () => ({ make: async () => createKnex({ client: 'pg', connection: server.at }), use: (knex) => (knex as Knex).raw('select 1'), connections }));

    describeRootClaims(driverOf('kysely'), 'Kysely', ['destroy'], () => ({
      make: async () => new Kysely<object>({ dialect: new PostgresDialect({ pool: new pg.Pool(server.at) }) }),
      use: (db) => kyselySql`select 1`.execute(db as Kysely<object>),
      connections,
    }));

    describeRootClaims(driverOf('typeorm'), 'DataSource', ['destroy'], () => ({
      make: async () => new DataSource({ type: 'postgres', url: server.url }).initialize(),
      use: (source) => (source as DataSource).query('select 1'),
      connections,
    }));

    describeRootClaims(driverOf('sequelize'), 'Sequelize', ['close'], () => ({ make: async () => new Sequelize(server.url, { logging: false }), use: (sequelize) => (sequelize as Sequelize).query('select 1'), connections }));
  });

  describe('slonik', () => {
    const makePool = (): Promise<DatabasePool> => createSlonikPool(server.url, { driverFactory: createPgDriverFactory(), maximumPoolSize: 1, minimumPoolSize: 0 });
    describeRootClaims(driverOf('slonik'), 'DatabasePool', ['end'], () => ({ make: makePool, use: (pool) => (pool as DatabasePool).query(slonikSql.unsafe`select 1`), connections }));

    it('`pool.connect` gives back when its callback returns and when it throws', async () => {
      const pool = await makePool();
      const out = (): number => pool.state().acquiredConnections;
      await pool.connect(async () => expect(out()).toBe(1));
      expect(out()).toBe(0);
      await expect(pool.connect(() => Promise.reject(new Error('thrown inside')))).rejects.toThrow('thrown inside');
      expect(out()).toBe(0);
      await pool.end();
    });
  });

  describe('drizzle', () => {
    it('makes a pool of its own where it is given a URL, which `$client.end()` closes', async () => {
      expect(drizzle.types['Database']!.root?.close).toBe('$.$client.end()');
      for (const make of [() => makeDrizzle(server.url), () => makeDrizzle({ connection: server.url })]) {
        const db = make();
        await db.execute('select 1');
        expect(await connections()).toBe(1);
        await db.$client.end();
        await expect.poll(connections).toBe(0);
      }
    });

    it('stands for the client that it is given', async () => {
      const pool = new pg.Pool(server.at);
      const db = makeDrizzle({ client: pool });
      expect(db.$client).toBe(pool);
      await db.execute('select 1');
      await pool.end();
      await expect.poll(connections).toBe(0);
    });

    it('`transaction` gives its client back when its callback returns and when it throws', async () => {
      const pool = new pg.Pool({ ...server.at, max: 1 });
      const db = makeDrizzle({ client: pool });
      const out = (): number => pool.totalCount - pool.idleCount;
      await db.transaction(async () => expect(out()).toBe(1));
      expect(out()).toBe(0);
      await expect(db.transaction(() => Promise.reject(new Error('thrown inside')))).rejects.toThrow('thrown inside');
      expect(out()).toBe(0);
      await pool.end();
    });

    it('`transaction` loses its client where the transaction cannot begin, as the trap says', async () => {
      expect(drizzle.traps?.some((trap) => trap.includes('BEGIN'))).toBe(true);
      const pool = new pg.Pool({ ...server.at, max: 1 });
      const db = makeDrizzle({ client: pool });
      const client = await pool.connect();
      client.query = () => Promise.reject(new Error('no BEGIN')) as never;
      client.release();
      await expect(db.transaction(async () => undefined)).rejects.toThrow();
      expect(pool.totalCount - pool.idleCount).toBe(1);
      client.release(true);
      await pool.end();
    });
  });
});

describe.each(POOLS)('$library', ({ library, type, open: openLibrary }) => {
  let opened: Awaited<ReturnType<typeof openLibrary>>;
  beforeEach(async () => {
    opened = await openLibrary();
  });
  afterEach(() => opened.end() as Promise<void>);
  describeClaims(driverOf(library), type, () => ({ driver: driverOf(library), type, ...opened }));
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
