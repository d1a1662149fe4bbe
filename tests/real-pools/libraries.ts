/** How the libraries whose tables are compared with what they do are opened, with a pool of one place each: those over PostgreSQL, and the pools that need no server. */
import { createPool as createGenericPool } from 'generic-pool';
import createKnex, { type Knex } from 'knex';
import { Kysely, PostgresDialect, sql as kyselySql, type ControlledTransaction } from 'kysely';
import pg from 'pg';
import pgPromise from 'pg-promise';
import postgres from 'postgres';
import { Sequelize, type Transaction } from 'sequelize';
import { Pool as TarnPool } from 'tarn';
import { DataSource, type QueryRunner } from 'typeorm';
import type { Subject } from './claims.ts';
import type { PostgresServer } from './postgres-server.ts';

/** What makes a pool of one place, asks how many are out, takes, uses and ends. `Given`: what it needs for that. */
interface Library<Given extends readonly unknown[]> {
  /** The name of its table. */
  readonly library: string;
  /** The type in the table of what is taken. */
  readonly type: string;
  open(...given: Given): Promise<Opened>;
}

type Opened = { end(): unknown } & Pick<Subject, 'source' | 'out' | 'take' | 'use' | 'except'>;

/** How many clients of a pool of pg are out. */
const outOfPg = (pool: { readonly totalCount: number; readonly idleCount: number }): number => pool.totalCount - pool.idleCount;

const openKnex = ({ at }: PostgresServer): Knex => createKnex({ client: 'pg', connection: at, pool: { min: 0, max: 1 } });
const outOfKnex = (knex: Knex): number => (knex.client as { readonly pool: TarnPool<object> }).pool.numUsed();

/** What its types do not say. */
interface ConnectionManager {
  readonly pool: { readonly using: number };
  getConnection(): Promise<object>;
}

const openSequelize = ({ url }: PostgresServer): Sequelize => new Sequelize(url, { logging: false, pool: { max: 1 } });
const managerOf = (sequelize: Sequelize): ConnectionManager => (sequelize as unknown as { readonly connectionManager: ConnectionManager }).connectionManager;

interface Resource {
  run(): number;
}

/** Those over PostgreSQL. */
export const LIBRARIES: readonly Library<[PostgresServer]>[] = [
  {
    library: 'pg', type: 'PoolClient',
    open: async ({ at }) => {
      const pool = new pg.Pool({ ...at, max: 1 });
      return { source: pool, out: () => outOfPg(pool), take: () => pool.connect(), use: (client) => (client as pg.PoolClient).query('select 1'), end: () => pool.end() };
    },
  },
  {
    library: 'pg-promise', type: 'Connected',
    open: async ({ at }) => {
      const db = pgPromise({ noWarnings: true })({ ...at, max: 1 });
      return { source: db, out: () => outOfPg(db.$pool), take: () => db.connect(), use: (connected) => (connected as pgPromise.IBaseProtocol<object>).any('select 1'), end: () => db.$pool.end() };
    },
  },
  {
    library: 'postgres', type: 'ReservedSql',
    open: async ({ url }) => {
      const sql = postgres(url, { max: 1, onnotice: () => undefined });
      // It tells nobody how many are out: who asks for one more has to wait.
      const out = async (): Promise<number> => {
        const next = sql.reserve();
        const isFree = await Promise.race([next.then(() => true), new Promise<false>((resolve) => setTimeout(() => resolve(false), 100))]);
        void next.then((reserved) => reserved.release());
        await (isFree ? next : undefined);
        return isFree ? 0 : 1;
      };
      return { source: sql, out, take: () => sql.reserve(), use: (reserved) => (reserved as postgres.ReservedSql)`select 1`, end: () => sql.end({ timeout: 1 }) };
    },
  },
  {
    library: 'knex', type: 'Transaction',
    open: async (server) => {
      const knex = openKnex(server);
      return { source: knex, out: () => outOfKnex(knex), take: () => knex.transaction(), use: (trx) => (trx as Knex.Transaction).raw('select 1'), end: () => knex.destroy() };
    },
  },
  {
    library: 'knex', type: 'RawConnection',
    open: async (server) => {
      const knex = openKnex(server);
      const client = knex.client as { acquireConnection(): Promise<object> };
      return { source: client, out: () => outOfKnex(knex), take: () => client.acquireConnection(), use: (connection) => (connection as pg.Client).query('select 1'), end: () => knex.destroy() };
    },
  },
  {
    library: 'kysely', type: 'ControlledTransaction',
    open: async ({ at }) => {
      const pool = new pg.Pool({ ...at, max: 1 });
      const db = new Kysely<object>({ dialect: new PostgresDialect({ pool }) });
      return { source: db, out: () => outOfPg(pool), take: () => db.startTransaction().execute(), use: (trx) => kyselySql`select 1`.execute(trx as ControlledTransaction<object>), end: () => db.destroy() };
    },
  },
  {
    library: 'typeorm', type: 'QueryRunner',
    open: async ({ at }) => {
      const source = new DataSource({ type: 'postgres', host: at.host, port: at.port, username: at.user, password: at.password, database: at.database, extra: { max: 1 } });
      await source.initialize();
      const take = async (): Promise<QueryRunner> => {
        const runner = source.createQueryRunner();
        await runner.connect();
        return runner;
      };
      const { master } = source.driver as unknown as { readonly master: pg.Pool };
      return { source, out: () => outOfPg(master), take, use: (runner) => (runner as QueryRunner).query('select 1'), end: () => source.destroy() };
    },
  },
  {
    library: 'sequelize', type: 'Transaction',
    open: async (server) => {
      const sequelize = openSequelize(server);
      return { source: sequelize, out: () => managerOf(sequelize).pool.using, take: () => sequelize.transaction(), use: (transaction) => sequelize.query('select 1', { transaction: transaction as Transaction }), end: () => sequelize.close() };
    },
  },
  {
    library: 'sequelize', type: 'RawConnection',
    open: async (server) => {
      const sequelize = openSequelize(server);
      const manager = managerOf(sequelize);
      return { source: manager, out: () => manager.pool.using, take: () => manager.getConnection(), use: (connection) => (connection as pg.Client).query('select 1'), end: () => sequelize.close() };
    },
  },
];

/** Those that need no server. */
export const POOLS: readonly Library<[]>[] = [
  {
    library: 'generic-pool', type: 'Resource',
    open: async () => {
      const pool = createGenericPool<Resource>({ create: async () => ({ run: () => 1 }), destroy: async () => undefined }, { max: 1 });
      return { source: pool, out: () => pool.borrowed, take: () => pool.acquire(), use: (resource) => (resource as Resource).run(), end: () => pool.drain().then(() => pool.clear()) };
    },
  },
  {
    library: 'tarn', type: 'Resource',
    open: async () => {
      const pool = new TarnPool<Resource>({ create: async () => ({ run: () => 1 }), destroy: () => undefined, min: 0, max: 1 });
      return { source: pool, out: () => pool.numUsed(), take: () => pool.acquire().promise, use: (resource) => (resource as Resource).run(), end: () => pool.destroy() };
    },
  },
];
