/**
 * How the code of one driver is written: the texts that the constructs are made of.
 */
import type { OtherModule } from './database-module.ts';
import type { SeededRandom } from '../seeded-random.ts';

export interface DriverIdiom {
  readonly name: 'pg' | 'pg-client' | 'mysql2' | 'mysql2-callback' | 'knex' | 'generic-method' | 'generic-function';
  readonly imports: readonly string[];
  /** Initialiser of the pool, where the program makes one. */
  readonly poolInitialiser: string | undefined;
  readonly poolType: string | undefined;
  /** The name that module-level functions know the pool by, where it is not the usual one. */
  readonly poolName?: string;
  /** The other module of the program, which wraps the driver. */
  readonly other?: OtherModule;
  /** Acquire and query return promises: the function must be async. */
  readonly isPromise: boolean;
  /** The method of the pool that takes a node-style callback, and whether that gets the release function too. */
  readonly callback: { readonly method: string; readonly hasDone: boolean } | undefined;
  /** The call that hands out; undefined where acquiring takes two statements (`new Client()`, `connect()`). */
  acquireCall(pool: string): string | undefined;
  /** `pool` is undefined where the pool cannot be named. */
  releaseCall(handle: string, pool: string | undefined, optional: boolean, random: SeededRandom): string;
  queryCall(handle: string, number: number, optional: boolean, random: SeededRandom): string;
  /** `release` takes the handle as an argument and does not mind `undefined`. */
  readonly releaseTakesUndefined: boolean;
  /** `release` returns a promise. */
  readonly releaseIsPromise: boolean;
  /** `const { release } = client` works. */
  readonly releaseWorksDetached: boolean;
  /** What `await using` does with a handle. */
  readonly dispose: 'releases' | 'type-error' | 'unknown';
}

const dot = (optional: boolean): string => (optional ? '?.' : '.');

export const pgIdiom: DriverIdiom = {
  name: 'pg',
  imports: ["import { Pool, type PoolClient } from 'pg';"],
  poolInitialiser: 'new Pool()',
  poolType: 'Pool',
  isPromise: true,
  callback: { method: 'connect', hasDone: true },
  acquireCall: (pool) => `${pool}.connect()`,
  releaseCall: (handle, _pool, optional, random) => `${handle}${dot(optional)}release(${random.chance(0.15) ? 'true' : ''})`,
  queryCall: (handle, number, optional) => `${handle}${dot(optional)}query('q${number}')`,
  releaseTakesUndefined: false,
  releaseIsPromise: false,
  releaseWorksDetached: true,
  dispose: 'type-error',
};

export const pgClientIdiom: DriverIdiom = {
  ...pgIdiom,
  name: 'pg-client',
  imports: ["import { Client } from 'pg';"],
  poolInitialiser: undefined,
  poolType: undefined,
  callback: undefined,
  acquireCall: () => undefined,
  releaseCall: (handle, _pool, optional) => `${handle}${dot(optional)}end()`,
  releaseIsPromise: true,
  releaseWorksDetached: false,
  dispose: 'unknown',
};

export const mysql2Idiom: DriverIdiom = {
  name: 'mysql2',
  imports: ["import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';"],
  poolInitialiser: 'createPool({})',
  poolType: 'Pool',
  isPromise: true,
  callback: undefined,
  acquireCall: (pool) => `${pool}.getConnection()`,
  releaseCall(handle, pool, optional, random) {
    const form = random.below(10);
    if (form < 2 && pool !== undefined) return `${pool}.releaseConnection(${handle})`;
    return `${handle}${dot(optional)}${form < 3 ? 'destroy' : 'release'}()`;
  },
  queryCall: (handle, number, optional, random) =>
    `${handle}${dot(optional)}${random.chance(0.3) ? 'execute' : 'query'}('q${number}')`,
  releaseTakesUndefined: false,
  releaseIsPromise: false,
  releaseWorksDetached: false,
  dispose: 'releases',
};

/** `mysql2` without promises: whatever takes time takes a callback. */
export const mysql2CallbackIdiom: DriverIdiom = {
  ...mysql2Idiom,
  name: 'mysql2-callback',
  imports: ["import mysql from 'mysql2';"],
  poolInitialiser: 'mysql.createPool({})',
  poolType: 'mysql.Pool',
  callback: { method: 'getConnection', hasDone: false },
  acquireCall: () => undefined,
  dispose: 'unknown',
};

/** A transaction of Knex, which ends by a commit or a rollback. */
export const knexIdiom: DriverIdiom = {
  ...pgIdiom,
  name: 'knex',
  imports: ["import createKnex, { type Knex } from 'knex';"],
  poolInitialiser: "createKnex({ client: 'pg' })",
  poolType: 'Knex',
  callback: undefined,
  acquireCall: (pool) => `${pool}.transaction()`,
  releaseCall: (handle, _pool, optional, random) => `${handle}${dot(optional)}${random.chance(0.65) ? 'commit' : 'rollback'}()`,
  queryCall: (handle, number, optional) => `${handle}${dot(optional)}raw('q${number}')`,
  releaseIsPromise: true,
  releaseWorksDetached: false,
};

/** `db.getconn()` … `db.putconn(c)`: known because both halves are seen on one receiver. */
function genericMethodIdiom(acquire: string, release: string, imports: readonly string[]): DriverIdiom {
  return {
    name: 'generic-method',
    imports,
    poolInitialiser: undefined,
    poolType: undefined,
      isPromise: false,
    callback: undefined,
    acquireCall: (pool) => `${pool}.${acquire}()`,
    releaseCall: (handle, pool) => `${pool}.${release}(${handle})`,
    queryCall: (handle, number, optional) => `${handle}${dot(optional)}query('q${number}')`,
    releaseTakesUndefined: true,
    releaseIsPromise: false,
    releaseWorksDetached: false,
    dispose: 'unknown',
  };
}

const FROM_DB = ["import { db } from './db.js';"];
export const getconnIdiom = genericMethodIdiom('getconn', 'putconn', FROM_DB);
export const acquireConnectionIdiom = genericMethodIdiom('acquireConnection', 'releaseConnection', FROM_DB);

/** `get_db_connection()` … `release_db_connection(c)` of one module. */
export const genericFunctionIdiom: DriverIdiom = {
  ...getconnIdiom,
  name: 'generic-function',
  imports: ["import { get_db_connection, release_db_connection } from './db.js';"],
  acquireCall: () => 'get_db_connection()',
  releaseCall: (handle) => `release_db_connection(${handle})`,
};

/** The idioms with how often each is chosen. */
export const DRIVER_IDIOMS: readonly (readonly [idiom: DriverIdiom, weight: number])[] = [
  [pgIdiom, 10],
  [mysql2Idiom, 7],
  [getconnIdiom, 5],
  [pgClientIdiom, 3],
  [acquireConnectionIdiom, 1],
  [genericFunctionIdiom, 2],
];
