/** The claims of the tables about libraries that need a server: PostgreSQL, which is started here, and the pools that need none. `npm run test:live`. */
import { afterAll, afterEach, beforeAll, beforeEach, describe } from 'vitest';
import type { Driver } from '../../src/drivers/driver.ts';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import { describeClaims, type Subject } from '../real-pools/claims.ts';
import { load } from './load-library.ts';
import { startPostgres, type Address, type PostgresServer } from '../real-pools/postgres-server.ts';

/* The libraries are those of tests/live/package.json, which the plugin itself knows nothing of: there are no types for them here. */
/* eslint-disable @typescript-eslint/no-explicit-any */
const driverOf = (library: string): Driver => DRIVERS.find((driver) => driver.library === library)!;

let server: PostgresServer;
let AT: Address;
let URL: string;
beforeAll(async () => {
  server = await startPostgres();
  ({ at: AT, url: URL } = server);
}, 60_000);
afterAll(() => server.stop());

/** What makes a pool of one place, asks how many are out, takes, uses and ends. */
interface Library {
  readonly library: string;
  readonly type: string;
  open(): Promise<{ source: object; end(): unknown } & Pick<Subject, 'out' | 'take' | 'use' | 'except'>>;
}

/** How many clients of a pool of pg are out. */
const outOfPg = (pool: any): number => pool.totalCount - pool.idleCount;

const LIBRARIES: readonly Library[] = [
  {
    library: 'pg-promise', type: 'Connected',
    open: async () => {
      const { default: pgPromise } = await load('pg-promise');
      const db = pgPromise({ noWarnings: true })({ ...AT, max: 1 });
      return { source: db, out: () => outOfPg(db.$pool), take: () => db.connect(), use: (connected: any) => connected.any('select 1'), end: () => db.$pool.end() };
    },
  },
  {
    library: 'postgres', type: 'ReservedSql',
    open: async () => {
      const { default: postgres } = await load('postgres');
      const sql = postgres(URL, { max: 1, onnotice: () => undefined });
      // It tells nobody how many are out: who asks for one more has to wait.
      const out = async (): Promise<number> => {
        const next = sql.reserve();
        const isFree = await Promise.race([next.then(() => true), new Promise((resolve) => setTimeout(() => resolve(false), 200))]);
        void next.then((reserved: any) => reserved.release());
        await (isFree ? next : undefined);
        return isFree ? 0 : 1;
      };
      return { source: sql, out, take: () => sql.reserve(), use: (reserved: any) => reserved`select 1`, end: () => sql.end({ timeout: 1 }) };
    },
  },
  {
    library: 'knex', type: 'Transaction',
    open: async () => {
      const { default: createKnex } = await load('knex');
      const knex = createKnex({ client: 'pg', connection: AT, pool: { min: 0, max: 1 } });
      return { source: knex, out: () => knex.client.pool.numUsed(), take: () => knex.transaction(), use: (trx: any) => trx.raw('select 1'), end: () => knex.destroy() };
    },
  },
  {
    library: 'knex', type: 'RawConnection',
    open: async () => {
      const { default: createKnex } = await load('knex');
      const knex = createKnex({ client: 'pg', connection: AT, pool: { min: 0, max: 1 } });
      return { source: knex.client, out: () => knex.client.pool.numUsed(), take: () => knex.client.acquireConnection(), use: (connection: any) => connection.query('select 1'), end: () => knex.destroy() };
    },
  },
  {
    library: 'kysely', type: 'ControlledTransaction',
    open: async () => {
      const { Kysely, PostgresDialect, sql } = await load('kysely');
      const { Pool } = await load('pg');
      const pool = new Pool({ ...AT, max: 1 });
      const db = new Kysely({ dialect: new PostgresDialect({ pool }) });
      return { source: db, out: () => outOfPg(pool), take: () => db.startTransaction().execute(), use: (trx: any) => sql`select 1`.execute(trx), end: () => db.destroy() };
    },
  },
  {
    library: 'typeorm', type: 'QueryRunner',
    open: async () => {
      const { DataSource } = await load('typeorm');
      const source = new DataSource({ type: 'postgres', host: AT.host, port: AT.port, username: AT.user, password: AT.password, database: AT.database, extra: { max: 1 } });
      await source.initialize();
      const take = async (): Promise<object> => {
        const runner = source.createQueryRunner();
        await runner.connect();
        return runner;
      };
      return { source, out: () => outOfPg(source.driver.master), take, use: (runner: any) => runner.query('select 1'), end: () => source.destroy() };
    },
  },
  {
    library: 'sequelize', type: 'Transaction',
    open: async () => {
      const { Sequelize } = await load('sequelize');
      const sequelize = new Sequelize(URL, { logging: false, pool: { max: 1 } });
      return { source: sequelize, out: () => sequelize.connectionManager.pool.using, take: () => sequelize.transaction(), use: (transaction: any) => sequelize.query('select 1', { transaction }), end: () => sequelize.close() };
    },
  },
  {
    library: 'sequelize', type: 'RawConnection',
    open: async () => {
      const { Sequelize } = await load('sequelize');
      const sequelize = new Sequelize(URL, { logging: false, pool: { max: 1 } });
      const { connectionManager } = sequelize;
      return { source: connectionManager, out: () => connectionManager.pool.using, take: () => connectionManager.getConnection(), use: (connection: any) => connection.query('select 1'), end: () => sequelize.close() };
    },
  },
  {
    library: 'generic-pool', type: 'Resource',
    open: async () => {
      const { createPool } = await load('generic-pool');
      const pool = createPool({ create: async () => ({ run: () => 1 }), destroy: async () => undefined }, { max: 1 });
      return { source: pool, out: () => pool.borrowed, take: () => pool.acquire(), use: (resource: any) => resource.run(), end: () => pool.drain().then(() => pool.clear()) };
    },
  },
  {
    library: 'tarn', type: 'Resource',
    open: async () => {
      const { Pool } = await load('tarn');
      const pool = new Pool({ create: async () => ({ run: () => 1 }), destroy: () => undefined, min: 0, max: 1 });
      return { source: pool, out: () => pool.numUsed(), take: () => pool.acquire().promise, use: (resource: any) => resource.run(), end: () => pool.destroy() };
    },
  },
];

describe.each(LIBRARIES)('$library', ({ library, type, open }) => {
  let opened: Awaited<ReturnType<Library['open']>>;
  beforeEach(async () => {
    opened = await open();
  });
  afterEach(async () => {
    await opened.end();
  });
  describeClaims(driverOf(library), type, () => ({ driver: driverOf(library), type, ...opened }));
});
