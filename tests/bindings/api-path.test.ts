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
    ['class Db { acquireClient() {} releaseClient() {} f() { this.acquireClient(); } }', 'acquireClient() by pair'],
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

// What issue 3 ("Receivers") asks for and bindings do not know yet: where it belongs, for whoever goes on.
describe('to come', () => {
  it.todo('imports (resolve-value.ts, Bindings.importedModule): .then(m => …) of import(), npm: and deno specifiers, createRequire');
  it.todo('values (resolve-value.ts, resolve-member.ts): super.connect(), object literal assigned later (db.pool = …), setters, statics of a base class, properties put on a function');
  it.todo('annotations (resolve-annotation.ts): ReturnType, InstanceType, interface extends, method and getter signatures of shapes, generics with a default, JSDoc from program.comments');
  it.todo('types of a checker: optional in BindingsInput, the symbol is declared in a known package');
  it.todo('use of the result: query and release of one driver family on the awaited x.connect()');
  it.todo('pairs over files (pair-evidence.ts): a foreign class or module that offers both halves');
  it.todo('gates (src/analysis/may-acquire.ts): a file that imports a project file, or uses a result, names no module');
});
