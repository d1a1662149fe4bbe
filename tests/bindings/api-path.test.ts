/** Import shapes and receivers: which API path an acquiring call has, and how we know. */
import { describe, expect, it } from 'vitest';
import type { SourceOptions } from '../model-of-source.ts';
import { modelOfSource } from '../model-of-source.ts';

/** Path and evidence of the call that is written `/* here *​/ call()`; `nothing` when it is no acquisition. */
function acquisitionAt(source: string, options?: SourceOptions): string {
  const model = modelOfSource(source, options);
  const calls = [...model.file.calls.values()].flat();
  const acquisitions = calls.map((call) => model.bindings.acquisitionOf(call)).filter((acquisition) => acquisition !== undefined);
  return acquisitions.map(({ path, evidence }) => `${path} by ${evidence}`).join('; ') || 'nothing';
}

const CONNECT = 'pg › Pool › connect() by';
const GET_CONNECTION = 'mysql2/promise › createPool › getConnection() by value';

describe('pg', () => {
  it.each([
    ["import { Pool } from 'pg'; new Pool().connect();", `${CONNECT} value`],
    ["import { Pool as P } from 'pg'; const p = new P(); p.connect();", `${CONNECT} value`],
    ["import pg from 'pg'; const p = new pg.Pool(); p.connect();", `${CONNECT} value`],
    ["import * as pg from 'pg'; const p = new pg.Pool(); p.connect();", `${CONNECT} value`],
    ["import pg from 'pg'; const { Pool } = pg; new Pool().connect();", `${CONNECT} value`],
    ["import pg from 'pg'; new pg.native.Pool().connect();", 'pg › native › Pool › connect() by value'],
    ["import pg from 'pg'; const { native: { Pool } } = pg; new Pool().connect();", 'pg › native › Pool › connect() by value'],
    ["import Pool from 'pg-pool'; new Pool().connect();", 'pg-pool › connect() by value'],
    ["import { default as pg } from 'pg'; new pg.Pool().connect();", `${CONNECT} value`],
    ["const { Pool } = await import('pg'); new Pool().connect();", `${CONNECT} value`],
    ["import { Pool } from 'pg'; let p; function init() { p = new Pool(); } p.connect();", `${CONNECT} value`],
    ["import { Pool } from 'pg'; const p = globalThis.p ?? new Pool(); p.connect();", `${CONNECT} value`],
    ["import { Pool } from 'pg'; const make = () => new Pool(); make().connect();", `${CONNECT} value`],
    ["import { Pool } from 'pg'; const deps = { db: new Pool() }; deps.db.connect();", `${CONNECT} value`],
    ["import type { Pool } from 'pg'; function f(p: Pool) { p.connect(); }", `${CONNECT} annotation`],
    ["import type pg from 'pg'; function f(p: pg.Pool) { p.connect(); }", `${CONNECT} annotation`],
    ["import type { Pool } from 'pg'; function f(p: Pool | undefined) { p?.connect(); }", `${CONNECT} annotation`],
    ["import type { Pool } from 'pg'; function f(p: Readonly<Pool>) { p.connect(); }", `${CONNECT} annotation`],
    ["import type { Pool } from 'pg'; type Db = Pool; function f(p: Db) { p.connect(); }", `${CONNECT} annotation`],
    ["import type { Pool } from 'pg'; function f({ p }: { p: Pool }) { p.connect(); }", `${CONNECT} annotation`],
    ["import type { Pool } from 'pg'; interface Deps { p: Pool } function f(d: Deps) { d.p.connect(); }", `${CONNECT} annotation`],
    ["import type { Pool } from 'pg'; (app.get('db') as Pool).connect();", `${CONNECT} annotation`],
    ["function f(p: import('pg').Pool) { p.connect(); }", `${CONNECT} annotation`],
    ["import { Pool } from 'pg'; class A { p = new Pool(); f() { this.p.connect(); } }", `${CONNECT} member`],
    ["import { Pool } from 'pg'; class A { #p = new Pool(); f() { this.#p.connect(); } }", `${CONNECT} member`],
    ["import { Pool } from 'pg'; class A { constructor(private p: Pool) {} f() { this.p.connect(); } }", `${CONNECT} member`],
    ["import { Pool } from 'pg'; class A { constructor() { this.p = new Pool(); } f() { this.p.connect(); } }", `${CONNECT} member`],
    ["import { Pool } from 'pg'; class A { static p = new Pool(); f() { A.p.connect(); } }", `${CONNECT} member`],
    ["import { Pool } from 'pg'; class P extends Pool {} new P().connect();", `${CONNECT} value`],
    // Nothing is known by its name, and a name that is something else is not the library's.
    ["import { Pool } from 'other'; new Pool().connect();", 'nothing'],
    ['function f(pool) { pool.connect(); }', 'nothing'],
    ["import { Pool } from 'pg'; function f(Pool) { new Pool().connect(); }", 'nothing'],
    ["import { Pool } from 'pg'; class P extends Pool { connect() {} } new P().connect();", 'nothing'],
    ["import { Pool } from 'pg'; new Pool().query('select 1');", 'nothing'],
    ["import { Client } from 'pg'; new Client().connect();", 'nothing'],
    ["import { constructor as C } from 'pg'; new C().connect();", 'nothing'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });

  it.each([
    ["const { Pool } = require('pg'); new Pool().connect();", `${CONNECT} value`],
    ["const pg = require('pg'); new pg.Pool().connect();", `${CONNECT} value`],
    ["const Pool = require('pg').Pool; new Pool().connect();", `${CONNECT} value`],
    ["new (require('pg-pool'))().connect();", 'pg-pool › connect() by value'],
    ["const pg = require('pg').native; new pg.Pool().connect();", 'pg › native › Pool › connect() by value'],
    ["import pg = require('pg'); new pg.Pool().connect();", `${CONNECT} value`],
    ["function require() {} const { Pool } = require('pg'); new Pool().connect();", 'nothing'],
    ["const name = 'pg'; const { Pool } = require(name); new Pool().connect();", 'nothing'],
  ])('CommonJS: %s', (source, expected) => {
    expect(acquisitionAt(source, { sourceType: 'commonjs' })).toBe(expected);
  });
});

describe('mysql2', () => {
  it.each([
    ["import mysql from 'mysql2/promise'; mysql.createPool({}).getConnection();", GET_CONNECTION],
    ["import { createPool } from 'mysql2/promise'; createPool({}).getConnection();", GET_CONNECTION],
    ["import mysql from 'mysql2'; mysql.createPool({}).promise().getConnection();", 'mysql2 › createPool › promise() › getConnection() by value'],
    ["import mysql from 'mysql2/promise'; mysql.createConnection({});", 'mysql2/promise › createConnection() by import'],
    ["import { createConnection as open } from 'mysql2/promise'; open({});", 'mysql2/promise › createConnection() by import'],
    ["import type { Pool } from 'mysql2/promise'; function f(p: Pool) { p.getConnection(); }", 'mysql2/promise › Pool › getConnection() by annotation'],
    ["import mysql from 'mysql2'; mysql.createPool({}).getConnection(() => {});", 'mysql2 › createPool › getConnection() by value'],
    ["import mysql from 'mysql'; mysql.createPool({}).getConnection(() => {});", 'mysql › createPool › getConnection() by value'],
    ["import mysql from 'mysql3'; mysql.createPool({}).getConnection(() => {});", 'nothing'],
    ["import mysql from 'mysql2'; mysql.createConnection({});", 'mysql2 › createConnection() by import'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });
});

describe('pairs', () => {
  it.each([
    ['const c = db.getconn(); db.putconn(c);', 'getconn() by pair'],
    ['const c = db.getConnection(); db.releaseConnection(c);', 'getConnection() by pair'],
    ["import { getConn, putConn } from './db'; getConn();", 'getConn() by pair'],
    ['class Db { acquireClient() {} releaseClient(client) {} f() { this.acquireClient(); } }', 'acquireClient() by pair'],
    ['class Db { acquireClient() {} releaseClient() {} f() { this.acquireClient(); } }', 'nothing'],
    ['class Db { acquireClient() {} releaseClient(tab: number) {} f() { this.acquireClient(); } }', 'nothing'],
    ['interface Db { getClient(): C; releaseClient(id: string): void } function f(db: Db) { db.getClient(); }', 'nothing'],
    ['interface Db { getClient(): C; releaseClient(c: C): void } function f(db: Db) { db.getClient(); }', 'getClient() by pair'],
    ['const db = { getconn() {}, putconn(c) {} }; db.getconn();', 'getconn() by pair'],
    ['const db = { getconn() {} }; db.getconn();', 'nothing'],
    ['interface Db { getClient(): C } function f(db: Db) { db.getClient(); }', 'nothing'],
    ['const c = db.getConnection();', 'nothing'],
    ['const c = a.getconn(); b.putconn(c);', 'nothing'],
    ["import { getConn } from './a'; import { putConn } from './b'; getConn();", 'nothing'],
    ['const c = db.getconn(); db.putConn(c);', 'nothing'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });

  it.each([
    ['store.lease();', { acquire: 'lease', release: ['unlease'], releaseOn: 'pool' }, 'lease() by settings'],
    ['lease();', { acquire: 'lease', release: ['unlease'], releaseOn: 'pool' }, 'nothing'],
    ['lease();', { acquire: 'lease', release: ['unlease'], releaseOn: 'function' }, 'lease() by settings'],
    ["import { lease as l } from 'db'; l();", { acquire: 'lease', release: ['unlease'], releaseOn: 'function', from: 'db' }, 'lease() by settings'],
    ["import { lease } from 'x'; lease();", { acquire: 'lease', release: ['unlease'], releaseOn: 'function', from: 'db' }, 'nothing'],
    ['lease(); store.lease();', { acquire: 'lease', release: ['end'], releaseOn: 'connection' }, 'lease() by settings; lease() by settings'],
  ] as const)('%s with a pair of the settings', (source, pair, expected) => {
    expect(acquisitionAt(source, { pairs: [pair] })).toBe(expected);
  });
});

describe('every way of importing', () => {
  it.each([
    ["import { native as pg } from 'pg'; new pg.Pool().connect();", 'pg › native › Pool › connect() by value'],
    ["import pg, { Pool } from 'pg'; new Pool().connect(); new pg.Pool().connect();", `${CONNECT} value; ${CONNECT} value`],
    ["const pg = await import('pg'); new pg.default.Pool().connect();", `${CONNECT} value`],
    ["new (await import('pg')).Pool().connect();", `${CONNECT} value`],
    ["const { default: pg } = await import('pg'); new pg.Pool().connect();", `${CONNECT} value`],
    ["const { default: { Pool } } = await import('pg'); new Pool().connect();", `${CONNECT} value`],
    ['const { Pool } = await import(`pg`); new Pool().connect();', `${CONNECT} value`],
    ["import('pg').then((pg) => new pg.Pool().connect());", `${CONNECT} value`],
    ["import('pg').then(({ Pool }) => { new Pool().connect(); });", `${CONNECT} value`],
    ["import('pg').then(({ default: { Pool } }) => { new Pool().connect(); });", `${CONNECT} value`],
    ["const Pool = await import('pg').then((m) => m.Pool); new Pool().connect();", `${CONNECT} value`],
    ["const p = import('pg').then((m) => new m.Pool()); (await p).connect();", `${CONNECT} value`],
    ["const p = import('pg').then((m) => new m.Pool()).catch(report); p.then((pool) => pool.connect());", `${CONNECT} value`],
    ["import { Pool } from 'npm:pg'; new Pool().connect();", `${CONNECT} value`],
    ["import pg from 'npm:pg@8'; new pg.Pool().connect();", `${CONNECT} value`],
    ["import pg from 'npm:/pg@^8.11.0'; new pg.Pool().connect();", `${CONNECT} value`],
    ["import Pool from 'npm:pg-pool@3'; new Pool().connect();", 'pg-pool › connect() by value'],
    ["import mysql from 'npm:mysql2@3/promise'; mysql.createPool({}).getConnection();", GET_CONNECTION],
    ["import mysql from 'mysql2/promise.js'; mysql.createPool({}).getConnection();", GET_CONNECTION],
    ["import pg from 'pg'; import Pool = pg.Pool; new Pool().connect();", `${CONNECT} value`],
    ["import { createRequire } from 'node:module'; const require = createRequire(import.meta.url); const { Pool } = require('pg'); new Pool().connect();", `${CONNECT} value`],
    ["import module from 'module'; const load = module.createRequire(import.meta.url); new (load('pg').Pool)().connect();", `${CONNECT} value`],
    ["import { createRequire as make } from 'module'; new (make(import.meta.url)('pg').Pool)().connect();", `${CONNECT} value`],
    // Modules that the tables do not know, and functions that load no module.
    ["import { Pool } from 'npm:pg2@8'; new Pool().connect();", 'nothing'],
    ["import { Pool } from 'https://deno.land/x/mysql2/mod.ts'; new Pool().connect();", 'nothing'],
    ["import { Pool } from './pg'; new Pool().connect();", 'nothing'],
    ["import { createRequire } from 'other'; const require = createRequire(import.meta.url); new (require('pg').Pool)().connect();", 'nothing'],
    ["import { other } from 'module'; const require = other(import.meta.url); new (require('pg').Pool)().connect();", 'nothing'],
    ["import('pg').then(undefined, ({ Pool }) => new Pool().connect());", 'nothing'],
    ["import('pg').map(({ Pool }) => new Pool().connect());", 'nothing'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });
});

describe('value flow', () => {
  const POOL = "import { Pool } from 'pg';";
  it.each([
    [`${POOL} let p; const get = () => { if (!p) p = new Pool(); return p; }; get().connect();`, `${CONNECT} value`],
    [`${POOL} let p; const get = () => (p ??= new Pool()); get().connect();`, `${CONNECT} value`],
    [`${POOL} let p; const get = () => { p ||= new Pool(); return p; }; get().connect();`, `${CONNECT} value`],
    [`${POOL} let p = null; p = new Pool(); p.connect();`, `${CONNECT} value`],
    [`${POOL} function f(p = new Pool()) { p.connect(); }`, `${CONNECT} value`],
    [`${POOL} function f({ p = new Pool() } = {}) { p.connect(); }`, `${CONNECT} value`],
    [`${POOL} const { p = new Pool() } = options; p.connect();`, `${CONNECT} value`],
    [`${POOL} const p = (0, new Pool()); p.connect();`, `${CONNECT} value`],
    [`${POOL} const deps = Object.freeze({ p: new Pool() }); deps.p.connect();`, `${CONNECT} value`],
    [`${POOL} const deps = { db: { p: new Pool() } }; const { db: { p } } = deps; p.connect();`, `${CONNECT} value`],
    [`${POOL} const db = {}; db.p = new Pool(); db.p.connect();`, `${CONNECT} value`],
    [`${POOL} const db = { p: null }; function init() { db.p = new Pool(); } db.p.connect();`, `${CONNECT} value`],
    [`${POOL} app.locals.p = new Pool(); function f() { app.locals.p.connect(); }`, `${CONNECT} value`],
    [`${POOL} globalThis.p ??= new Pool(); globalThis.p.connect();`, `${CONNECT} value`],
    [`${POOL} function get() { return (get.p ??= new Pool()); } get().connect(); get.p.connect();`, `${CONNECT} value; ${CONNECT} value`],
    [`${POOL} class A { static p; static init() { A.p = new Pool(); } static f() { A.p.connect(); } }`, `${CONNECT} value`],
    [`${POOL} class A { static p; static { this.p = new Pool(); } f() { A.p.connect(); } }`, `${CONNECT} member`],
    [`${POOL} class A { static p = new Pool(); } class B extends A { static f() { B.p.connect(); this.p.connect(); super.p.connect(); } }`, `${CONNECT} member; ${CONNECT} member; ${CONNECT} member`],
    [`${POOL} class A { init = () => { this.p = new Pool(); }; f = () => this.p.connect(); }`, `${CONNECT} member`],
    [`${POOL} class A { #p; get p() { return (this.#p ??= new Pool()); } f() { this.p.connect(); } }`, `${CONNECT} value`],
    [`${POOL} class P extends Pool { f() { this.connect(); super.connect(); } }`, `${CONNECT} value; ${CONNECT} value`],
    [`${POOL} class P extends Pool { async connect() { return super.connect(); } }`, `${CONNECT} value`],
    [`${POOL} class A { p = new Pool(); } class B extends A { f() { super.p.connect(); } }`, `${CONNECT} member`],
    [`${POOL} const db = { p: null, init() { this.p = new Pool(); }, f() { this.p.connect(); } };`, `${CONNECT} value`],
    [`${POOL} const db = { p: new Pool(), f() { return () => this.p.connect(); } };`, `${CONNECT} value`],
    [`${POOL} function f(p) { p.connect(); } f(new Pool());`, `${CONNECT} value`],
    [`${POOL} const f = async (x, { p }) => p.connect(); f(1, { p: new Pool() });`, `${CONNECT} value`],
    [`${POOL} class A { constructor(p) { this.p = p; } f() { this.p.connect(); } } new A(new Pool());`, `${CONNECT} member`],
    [`${POOL} const make = () => { const p = new Pool(); return { p, n: 1 }; }; make().p.connect();`, `${CONNECT} value`],
    // What is not there, what is somebody else's, and what leads back to itself.
    [`${POOL} const db = {}; db.q = new Pool(); db.p.connect();`, 'nothing'],
    [`${POOL} function f(a) { a.p = new Pool(); } function g(a) { a.p.connect(); }`, 'nothing'],
    [`${POOL} const db = { p: new Pool(), f: function () { return function () { this.p.connect(); }; } };`, 'nothing'],
    [`${POOL} function f(p) { p.connect(); } f(...[new Pool()]);`, 'nothing'],
    [`${POOL} function f(q, p) { p.connect(); } f(new Pool());`, 'nothing'],
    [`${POOL} class A { connect() {} } class B extends A { f() { super.connect(); } }`, 'nothing'],
    ['const a = {}; a.p = a.p; a.p.connect();', 'nothing'],
    ['const a = {}, b = {}; a.p = b.p; b.p = a.p; a.p.connect();', 'nothing'],
    ['function f(p) { f(p); p.connect(); }', 'nothing'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });
});

describe('annotations', () => {
  const IMPORT = "import pg, { Pool } from 'pg';";
  const TYPE = "import type { Pool } from 'pg';";
  it.each([
    [`${IMPORT} function getPool() { return new Pool(); } function f(p: ReturnType<typeof getPool>) { p.connect(); }`, `${CONNECT} value`],
    [`${IMPORT} async function getPool() { return new Pool(); } function f(p: Awaited<ReturnType<typeof getPool>>) { p.connect(); }`, `${CONNECT} value`],
    [`${IMPORT} function f(p: InstanceType<typeof Pool>) { p.connect(); }`, `${CONNECT} annotation`],
    [`${IMPORT} function f(p: InstanceType<typeof pg.Pool>) { p.connect(); }`, `${CONNECT} annotation`],
    [`${IMPORT} const pool = new Pool(); function f(p: typeof pool) { p.connect(); }`, `${CONNECT} value`],
    [`${IMPORT} const deps = { pool: new Pool() }; function f(d: typeof deps) { d.pool.connect(); }`, `${CONNECT} value`],
    [`${IMPORT} const deps = { pool: new Pool() }; function f(p: typeof deps.pool) { p.connect(); }`, `${CONNECT} value`],
    [`${TYPE} interface Deps { p: Pool } interface More extends Deps { x: 1 } function f(d: More) { d.p.connect(); }`, `${CONNECT} annotation`],
    [`${TYPE} interface Db extends Pool { x: 1 } function f(d: Db) { d.connect(); }`, `${CONNECT} annotation`],
    ["import type pg from 'pg'; interface Db extends pg.Pool { x: 1 } function f(d: Db) { d.connect(); }", `${CONNECT} annotation`],
    [`${TYPE} interface Db { pool(): Pool } function f(d: Db) { d.pool().connect(); }`, `${CONNECT} annotation`],
    [`${TYPE} interface Db { pool: () => Promise<Pool> } async function f(d: Db) { (await d.pool()).connect(); }`, `${CONNECT} annotation`],
    [`${TYPE} interface Db { get pool(): Pool } function f(d: Db) { d.pool.connect(); }`, `${CONNECT} annotation`],
    [`${TYPE} interface Db { pool: Pool } function f(p: Db['pool']) { p.connect(); }`, `${CONNECT} annotation`],
    [`${TYPE} interface Db { pool: Pool; name: string } function f(d: Pick<Db, 'pool'>) { d.pool.connect(); }`, `${CONNECT} annotation`],
    [`${TYPE} type Deps = { a: 1 } & { p: Pool }; function f({ p }: Deps) { p.connect(); }`, 'nothing'],
    [`${TYPE} function f<P extends Pool>(p: P) { p.connect(); }`, `${CONNECT} annotation`],
    [`${TYPE} class Repo<P = Pool> { constructor(private p: P) {} f() { this.p.connect(); } }`, `${CONNECT} member`],
    [`${TYPE} declare function getPool(): Pool; getPool().connect();`, `${CONNECT} annotation`],
    [`${TYPE} declare const p: Pool; p.connect();`, `${CONNECT} annotation`],
    [`${TYPE} abstract class A { abstract pool(): Pool; f() { this.pool().connect(); } }`, `${CONNECT} annotation`],
    [`${TYPE} abstract class A { abstract get pool(): Pool; f() { this.pool.connect(); } }`, `${CONNECT} annotation`],
    [`${TYPE} class A { constructor(@Inject('PG') private readonly p: Pool) {} f() { this.p.connect(); } }`, `${CONNECT} member`],
    [`${TYPE} class A { @Inject('PG') private readonly p!: Pool; f() { this.p.connect(); } }`, `${CONNECT} member`],
    [`${TYPE} function f(p: Pool | null | undefined) { p!.connect(); }`, `${CONNECT} annotation`],
    [`${TYPE} const p = <Pool>app.get('db'); p.connect();`, `${CONNECT} annotation`],
    // Interfaces and aliases that lead back to themselves, and types of others.
    ['interface A extends B {} interface B extends A {} function f(a: A) { a.connect(); a.p.connect(); }', 'nothing'],
    ['type A = B; type B = A; function f(a: A) { a.connect(); }', 'nothing'],
    ['interface Pool { connect(): void } function f(p: Pool) { p.connect(); }', 'nothing'],
    [`${TYPE} function f(p: Map<string, Pool>) { p.connect(); }`, 'nothing'],
    [`${TYPE} function f(p: Pool[]) { p.connect(); }`, 'nothing'],
    [`${TYPE} function f(p: (pool: Pool) => void) { p.connect(); }`, 'nothing'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });
});

describe('JSDoc', () => {
  it.each([
    ["/** @type {import('pg').Pool} */ const p = app.get('db'); p.connect();", `${CONNECT} jsdoc`],
    ["/** @type {import('pg').Pool} */ export let p; p.connect();", `${CONNECT} jsdoc`],
    ["/** @type {import('pg').Pool | undefined} */\n// the only one\nlet p; p.connect();", `${CONNECT} jsdoc`],
    ["/** @type {?import('pg').Pool} */ let p; p.connect();", `${CONNECT} jsdoc`],
    ["/** @type {Promise.<import('pg').Pool>} */ let p; (await p).connect();", `${CONNECT} jsdoc`],
    ["const { Pool } = require('pg'); /** @param {Pool} p */ function f(p) { p.connect(); }", `${CONNECT} jsdoc`],
    ["const pg = require('pg'); /** @param {pg.Pool} p the pool */ function f(p) { p.connect(); }", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; /**\n * Runs.\n * @param {string} sql\n * @param {Pool} [p=main] the pool\n */\nexport async function f(sql, p = main) { p.connect(); }", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; /** @param {Pool} p */ const f = (p) => p.connect();", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; exports.f = /** @param {Pool} p */ (p) => p.connect();", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; /** @param {Pool} p */ module.exports = function (p) { p.connect(); };", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; class A { /** @param {Pool} p */ f(p) { p.connect(); } }", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; class A { /** @param {Pool} p */ constructor(p) { this.p = p; } f() { this.p.connect(); } }", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; class A { /** @type {Pool} */ p; f() { this.p.connect(); } }", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; class A { constructor() { /** @type {Pool} */ this.p = make(); } f() { this.p.connect(); } }", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; const o = { /** @type {Pool} */ p: null }; o.p.connect();", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; const o = { /** @param {Pool} p */ f(p) { p.connect(); } };", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; /** @returns {Promise<Pool>} */ async function get() { return make(); } (await get()).connect();", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; /** @param {{ p: Pool, n?: number }} deps */ function f({ p }) { p.connect(); }", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; /**\n * @param {object} deps\n * @param {Pool} deps.p\n */ function f({ p }) { p.connect(); }", `${CONNECT} jsdoc`],
    ["import { Pool } from 'pg'; /**\n * @param {object} deps\n * @param {Pool} deps.p\n */ function f(deps) { deps.p.connect(); }", `${CONNECT} jsdoc`],
    ["/** @typedef {import('pg').Pool} Pool */ /** @param {Pool} p */ function f(p) { p.connect(); }", `${CONNECT} jsdoc`],
    ["/**\n * @typedef {object} Deps\n * @property {import('pg').Pool} p\n */\n/** @param {Deps} deps */ function f(deps) { deps.p.connect(); }", `${CONNECT} jsdoc`],
    ["/** @import { Pool } from 'pg' */ /** @param {Pool} p */ function f(p) { p.connect(); }", `${CONNECT} jsdoc`],
    ["/** @import { Pool as P, Client } from 'pg' */ /** @param {P} p */ function f(p) { p.connect(); }", `${CONNECT} jsdoc`],
    ["/** @import * as pg from 'pg' */ /** @param {pg.Pool} p */ function f(p) { p.connect(); }", `${CONNECT} jsdoc`],
    ["const p = /** @type {import('pg').Pool} */ (app.get('db')); p.connect();", `${CONNECT} jsdoc`],
    ["(/** @type {import('pg').Pool} */ (app.get('db'))).connect();", `${CONNECT} jsdoc`],
    ["/** @type {InstanceType<typeof import('pg').Pool>} */ let p; p.connect();", `${CONNECT} jsdoc`],
    // Of something else, of somebody else, or no type at all.
    ["/** @type {import('pg').Pool} */ let a; let p; p.connect();", 'nothing'],
    ["/** @type {import('pg').Pool} */ const a = 1, p = 2; p.connect();", 'nothing'],
    ["const p = /** @type {import('pg').Pool} */ (app).get('db'); p.connect();", 'nothing'],
    ["/* @type {import('pg').Pool} */ let p; p.connect();", 'nothing'],
    ["/** @param {import('pg').Pool} q */ function f(p) { p.connect(); }", 'nothing'],
    ["/** @param {Pool} p */ function f(p) { p.connect(); }", 'nothing'],
    ["/** @param {import('pg').Pool[]} p */ function f(p) { p.connect(); }", 'nothing'],
    ["/** @param {(import('pg').Pool */ function f(p) { p.connect(); }", 'nothing'],
    ["/** @typedef {A} B */ /** @typedef {B} A */ /** @param {A} p */ function f(p) { p.connect(); }", 'nothing'],
    ["import { Pool } from 'pg'; /** @param {Pool} p */ function outer(p) { return (p) => p.connect(); }", 'nothing'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });
});

describe('use of the result', () => {
  it.each([
    ['const c = await p.connect(); c.query(); c.release();', 'connect() by use'],
    ['let c; c = await p.connect(); c.query(); c?.release();', 'connect() by use'],
    ['const c = (await p.connect()) as any; c.query(); c.release();', 'connect() by use'],
    ['const c = given ?? (await p.connect()); c.query(); c.release();', 'connect() by use'],
    ['const c = given ? given : await p.connect(); c.query(); c.release();', 'connect() by use'],
    ['const c = await p.connect(); c.query().finally(c.release);', 'connect() by use'],
    ['const c = await p.connect(); const q = c.query.bind(c); c.release();', 'connect() by use'],
    ['p.connect().then((c) => c.query().then(() => c.release()));', 'connect() by use'],
    ['const c = await p.getConnection(); c.beginTransaction(); c.release();', 'getConnection() by use'],
    ['const a = await p.connect(); a.query(); const b = await p.connect(); b.release(); await p.connect();', 'connect() by use; connect() by use; connect() by use'],
    ['class A { async f() { const c = await this.p.connect(); c.query(); c.release(); } g() { this.p.connect(); } }', 'connect() by use; connect() by use'],
    // Not both, not on one receiver, not awaited, not the names of one family.
    ['const c = await p.connect(); c.query();', 'nothing'],
    ['const c = await p.connect(); c.release();', 'nothing'],
    ['const c = await p.connect(); c.execute(); c.release();', 'nothing'],
    ['const c = await p.connect(); c.query(); c.end();', 'nothing'],
    ['const c = await p.connect(); c.query; c.release;', 'nothing'],
    ['const a = await p.connect(); a.query(); const b = await o.connect(); b.release();', 'nothing'],
    ['const a = await p.connect(); a.query(); const b = await p.getConnection(); b.release();', 'nothing'],
    ['const c = p.connect(); c.query(); c.release();', 'nothing'],
    ['const c = await p.open(); c.query(); c.release();', 'nothing'],
    ['const c = await connect(); c.query(); c.release();', 'nothing'],
    ['const c = await p[connect](); c.query(); c.release();', 'nothing'],
    // What is known otherwise is not guessed.
    ["import { Client } from 'pg'; const p = new Client(); const c = await p.connect(); c.query(); c.release();", 'nothing'],
    ['class P { connect() {} } const c = await new P().connect(); c.query(); c.release();', 'nothing'],
    ["import { Pool } from 'pg'; const p = new Pool(); const c = await p.connect(); c.query(); c.release();", `${CONNECT} value`],
    // A pair of the same receiver says what else takes back.
    ['const c = await p.getConnection(); c.query(); c.release(); p.returnConnection(c); p.releaseConnection(c);', 'getConnection() by use'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });
});

describe('a type of the project that offers what a pool does', () => {
  const CLIENT = 'interface Client { query(text: string): Promise<unknown>; release(): void }';
  it.each([
    [`${CLIENT} interface P { connect(): Promise<Client> } function f(p: P) { p.connect(); }`, 'connect() by annotation'],
    [`${CLIENT} interface P { connect: () => Promise<Client> } function f(p: P) { p.connect(); }`, 'connect() by annotation'],
    [`${CLIENT} abstract class P { abstract connect(): Promise<Client>; f() { this.connect(); } }`, 'connect() by annotation'],
    ['interface P { getConnection(): Promise<{ execute(): void; release(): void }> } function f(p: P) { p.getConnection(); }', 'getConnection() by annotation'],
    [`${CLIENT} interface P { open(): Promise<Client> } function f(p: P) { p.open(); }`, 'nothing'],
    ['interface Lock { release(): void } interface P { connect(): Promise<Lock> } function f(p: P) { p.connect(); }', 'nothing'],
    ['interface Graph { query(): void } interface P { connect(): Promise<Graph> } function f(p: P) { p.connect(); }', 'nothing'],
    ['interface P { connect(): Promise<void> } function f(p: P) { p.connect(); }', 'nothing'],
  ])('%s', (source, expected) => {
    expect(acquisitionAt(source)).toBe(expected);
  });
});
