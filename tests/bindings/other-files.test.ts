/** Receivers that come from other files of the project: every way of exporting, every way of importing, and circles. */
import { describe, expect, it } from 'vitest';
import { describeUnit } from '../../src/syntax/file-index.ts';
import { modelsOfProject } from '../models-of-project.ts';

type Sources = Readonly<Record<string, string>>;

/** Paths and evidence of the acquisitions in `main`, and `file: function` for the calls that run a function of another file. */
function seenFrom(main: string, sources: Sources): string {
  const path = /\brequire\(/.test(main) && !main.startsWith('import') ? 'main.cjs' : 'main.ts';
  return acquisitionsIn(path, modelsOfProject({ ...sources, [path]: main }));
}

function acquisitionsIn(path: string, modelOf: ReturnType<typeof modelsOfProject>): string {
  const { bindings, file } = modelOf(path);
  const found = [...file.calls.values()].flat().flatMap((call) => {
    const acquisition = bindings.acquisitionOf(call);
    if (acquisition) return [`${acquisition.path} by ${acquisition.evidence}`];
    const callee = bindings.foreignCalleeOf(call);
    return callee ? [`${callee.module.path}: ${describeUnit(callee.node)}`] : [];
  });
  return found.join('; ') || 'nothing';
}

const CONNECT = 'pg › Pool › connect() by other-file';
const POOL = "import { Pool } from 'pg'; const pool = new Pool();";
const POOL_CJS = "const { Pool } = require('pg'); const pool = new Pool();";

describe('ES modules', () => {
  it.each<[string, string, Sources, string]>([
    ['a named export', "import { pool } from './db'; pool.connect();", { 'db.ts': "import { Pool } from 'pg'; export const pool = new Pool();" }, CONNECT],
    ['a renamed one', "import { db as p } from './db'; p.connect();", { 'db.ts': `${POOL} export { pool as db };` }, CONNECT],
    ['a default export', "import p from './db'; p.connect();", { 'db.ts': `${POOL} export default pool;` }, CONNECT],
    ['a default export that is a value', "import p from './db'; p.connect();", { 'db.ts': "import { Pool } from 'pg'; export default new Pool();" }, CONNECT],
    ['a default among the names', "import { default as p } from './db'; p.connect();", { 'db.ts': `${POOL} export { pool as default };` }, CONNECT],
    ['a namespace', "import * as db from './db'; db.pool.connect();", { 'db.ts': `${POOL} export { pool };` }, CONNECT],
    ['a dynamic import', "const { pool } = await import('./db'); pool.connect();", { 'db.ts': `${POOL} export { pool };` }, CONNECT],
    ['a destructured export', "import { pool } from './db'; pool.connect();", { 'db.ts': `${POOL} export const { pool: other, pool } = { pool: new Pool() };` }, CONNECT],
    ['export = with import =', "import p = require('./db'); p.connect();", { 'db.ts': `${POOL} export = pool;` }, CONNECT],
    ['a barrel', "import { pool } from '.'; pool.connect();", { 'index.ts': "export * from './db';", 'db.ts': `${POOL} export { pool };` }, CONNECT],
    ['a barrel with a new name', "import { p } from './all'; p.connect();", { 'all.ts': "export { default as p } from './db';", 'db.ts': `${POOL} export default pool;` }, CONNECT],
    ['a barrel of namespaces', "import { db } from './all'; db.pool.connect();", { 'all.ts': "export * as db from './db';", 'db.ts': `${POOL} export { pool };` }, CONNECT],
    ['an import handed on', "import { pool } from './all'; pool.connect();", { 'all.ts': "import { pool } from './db'; export { pool };", 'db.ts': `${POOL} export { pool };` }, CONNECT],
    ['a library handed on', "import { Pool } from './pg'; new Pool().connect();", { 'pg.ts': "export { Pool } from 'pg';" }, 'pg › Pool › connect() by value'],
    ['a library handed on by star', "import { Pool } from './pg'; new Pool().connect();", { 'pg.ts': "export * from 'pg';" }, 'pg › Pool › connect() by value'],
    ['an object with a pool', "import { db } from './db'; db.pool.connect();", { 'db.ts': `${POOL} export const db = { pool };` }, CONNECT],
    ['a function that gives a pool', "import { getPool } from './db'; getPool().connect();", { 'db.ts': `${POOL} export function getPool() { return pool; }` }, `${CONNECT}; db.ts: \`getPool\``],
    ['a name that a barrel shadows', "import { pool } from './all'; pool.connect();", { 'all.ts': "export * from './db'; export const pool = 1;", 'db.ts': `${POOL} export { pool };` }, 'nothing'],
    ['no default by star', "import p from './all'; p.connect();", { 'all.ts': "export * from './db';", 'db.ts': `${POOL} export default pool;` }, 'nothing'],
    ['no export', "import { pool } from './db'; pool.connect();", { 'db.ts': POOL }, 'nothing'],
    ['no file', "import { pool } from './gone'; pool.connect();", {}, 'nothing'],
    ['another class of that name', "import { Pool } from './pool'; new Pool().connect();", { 'pool.ts': 'export class Pool { connect() {} }' }, 'pool.ts: `connect`'],
  ])('%s', (_, main, sources, expected) => {
    expect(seenFrom(main, sources)).toBe(expected);
  });
});

describe('CommonJS', () => {
  it.each<[string, string, Sources, string]>([
    ['module.exports = pool', "const p = require('./db'); p.connect();", { 'db.js': `${POOL_CJS} module.exports = pool;` }, CONNECT],
    ['module.exports = { pool }', "const { pool } = require('./db'); pool.connect();", { 'db.js': `${POOL_CJS} module.exports = { pool };` }, CONNECT],
    ['a member of it', "const db = require('./db'); db.pool.connect();", { 'db.js': `${POOL_CJS} module.exports = { pool };` }, CONNECT],
    ['exports.pool =', "require('./db').pool.connect();", { 'db.js': `${POOL_CJS} exports.pool = pool;` }, CONNECT],
    ['module.exports.getPool =', "require('./db').getPool().connect();", { 'db.js': `${POOL_CJS} module.exports.getPool = () => pool;` }, `${CONNECT}; db.js: the function`],
    ['exports = module.exports =', "require('./db').pool.connect();", { 'db.js': `${POOL_CJS} exports = module.exports = { pool };` }, CONNECT],
    ['Object.assign', "require('./db').pool.connect();", { 'db.js': `${POOL_CJS} Object.assign(module.exports, { pool });` }, CONNECT],
    ['a getter, as compilers write it', "require('./db').pool.connect();", { 'db.js': `${POOL_CJS} Object.defineProperty(exports, 'pool', { enumerable: true, get: function () { return pool; } });` }, CONNECT],
    ['a getter of an object', "require('./db').pool.connect();", { 'db.js': `${POOL_CJS} module.exports = { get pool() { return pool; } };` }, CONNECT],
    ['a barrel', "const { pool } = require('./all'); pool.connect();", { 'all.js': "module.exports = { ...require('./db'), x: 1 };", 'db.js': `${POOL_CJS} module.exports = { pool };` }, CONNECT],
    ['handed on whole', "require('./all').connect();", { 'all.js': "module.exports = require('./db');", 'db.js': `${POOL_CJS} module.exports = pool;` }, CONNECT],
    ['a function as module', "require('./db')().connect();", { 'db.js': `${POOL_CJS} module.exports = function getPool() { return pool; };` }, `${CONNECT}; db.js: \`getPool\``],
    ['a function with names', "const db = require('./db'); db().connect(); db.pool.connect();", { 'db.js': `${POOL_CJS} module.exports = () => pool; module.exports.pool = pool;` }, `${CONNECT}; db.js: the function; ${CONNECT}`],
    ['a class as module', "const Db = require('./db'); new Db().pool.connect();", { 'db.js': `${POOL_CJS} module.exports = class { constructor() { this.pool = pool; } };` }, `${CONNECT}; db.js: \`constructor\``],
    ['the names of an ES module', "const { pool } = require('./db'); pool.connect();", { 'db.ts': `${POOL} export { pool };` }, CONNECT],
    ['a CommonJS module by default import', "import db from './db'; db.pool.connect();", { 'db.js': `${POOL_CJS} exports.pool = pool;` }, CONNECT],
    ['a CommonJS value by default import', "import pool from './db'; pool.connect();", { 'db.js': `${POOL_CJS} module.exports = pool;` }, CONNECT],
    ['a CommonJS module by name', "import { pool } from './db'; pool.connect();", { 'db.js': `${POOL_CJS} module.exports = { pool };` }, CONNECT],
    ['exports of something else', "require('./db').pool.connect();", { 'db.js': `${POOL_CJS} const exports = {}; exports.pool = pool;` }, 'nothing'],
  ])('%s', (_, main, sources, expected) => {
    expect(seenFrom(main, sources)).toBe(expected);
  });
});

describe('classes and types', () => {
  const DB = "import { Pool } from 'pg'; export class Db { constructor(readonly pool: Pool) {} async client() { return this.pool.connect(); } }";
  it.each<[string, string, Sources, string]>([
    ['a field of an annotated parameter', "import type { Db } from './db'; function f(db: Db) { db.pool.connect(); }", { 'db.ts': DB }, CONNECT],
    ['a field of an injected field', "import { Db } from './db'; class A { constructor(private db: Db) {} f() { this.db.pool.connect(); } }", { 'db.ts': DB }, CONNECT],
    ['a method', "import { Db } from './db'; function f(db: Db) { db.client(); }", { 'db.ts': DB }, 'db.ts: `client`'],
    ['a base class', "import { Db } from './db'; class A extends Db { f() { this.pool.connect(); this.client(); } }", { 'db.ts': DB }, `${CONNECT}; db.ts: \`client\``],
    ['a base class of a base class', "import { B } from './b'; class A extends B { f() { this.pool.connect(); } }", { 'b.ts': "import { Db } from './db'; export class B extends Db {}", 'db.ts': DB }, CONNECT],
    ['a subclass of a library class', "import { MyPool } from './db'; new MyPool().connect();", { 'db.ts': "import { Pool } from 'pg'; export class MyPool extends Pool {}" }, CONNECT],
    ['a subclass with a method of its own', "import { MyPool } from './db'; new MyPool().connect();", { 'db.ts': "import { Pool } from 'pg'; export class MyPool extends Pool { connect() { return 1; } }" }, 'db.ts: `connect`'],
    ['an instance', "import { db } from './db'; db.pool.connect();", { 'db.ts': `${DB} export const db = new Db(new Pool());` }, CONNECT],
    ['a static method', "import { Db } from './db'; Db.get().connect();", { 'db.ts': "import { Pool } from 'pg'; export class Db { static pool = new Pool(); static get() { return Db.pool; } }" }, `${CONNECT}; db.ts: \`get\``],
    ['an interface', "import type { Deps } from './types'; function f(deps: Deps) { deps.pool.connect(); }", { 'types.ts': "import type { Pool } from 'pg'; export interface Deps { pool: Pool }" }, CONNECT],
    ['a type alias', "import type { Db } from './types'; function f(db: Db) { db.connect(); }", { 'types.ts': "import type { Pool } from 'pg'; export type Db = Pool;" }, CONNECT],
    ['a type through a barrel', "import type { Db } from './all'; function f(db: Db) { db.connect(); }", { 'all.ts': "export type { Db } from './types';", 'types.ts': "import type { Pool } from 'pg'; export type Db = Pool;" }, CONNECT],
    ['a default class as type', "import Db from './db'; function f(db: Db) { db.pool.connect(); }", { 'db.ts': DB.replace('export class', 'export default class') }, CONNECT],
    ['a type of a namespace', "import * as t from './types'; function f(db: t.Db) { db.connect(); }", { 'types.ts': "import type { Pool } from 'pg'; export type Db = Pool;" }, CONNECT],
    ['a typedef', "/** @param {import('./types').Deps} deps */ function f(deps) { deps.pool.connect(); }", { 'types.js': "/** @typedef {{ pool: import('pg').Pool }} Deps */ module.exports = {};" }, CONNECT],
    ['an interface that extends another', "import type { More } from './types'; function f(deps: More) { deps.pool.connect(); }", { 'types.ts': "import type { Deps } from './deps'; export interface More extends Deps { x: 1 }", 'deps.ts': "import type { Pool } from 'pg'; export interface Deps { pool: Pool }" }, CONNECT],
    ['a method signature', "import type { Deps } from './types'; function f(deps: Deps) { deps.pool().connect(); }", { 'types.ts': "import type { Pool } from 'pg'; export interface Deps { pool(): Pool }" }, CONNECT],
    ['a result type', "import type { getPool } from './db'; function f(pool: ReturnType<typeof getPool>) { pool.connect(); }", { 'db.ts': `${POOL} export function getPool() { return pool; }` }, CONNECT],
    ['an import type', "function f(db: import('./types').Db) { db.connect(); }", { 'types.ts': "import type { Pool } from 'pg'; export type Db = Pool;" }, CONNECT],
  ])('%s', (_, main, sources, expected) => {
    expect(seenFrom(main, sources)).toBe(expected);
  });
});

describe('pairs', () => {
  it.each<[string, string, Sources, string]>([
    ['a class that offers both', "import { Db } from './db'; function f(db: Db) { db.borrowConnection(); }", { 'db.ts': 'export class Db { borrowConnection() {} returnConnection(c) {} }' }, 'borrowConnection() by pair'],
    ['a class whose second half takes no connection', "import { Db } from './db'; function f(db: Db) { db.borrowConnection(); }", { 'db.ts': 'export class Db { borrowConnection() {} returnConnection(id: number) {} }' }, 'db.ts: `borrowConnection`'],
    ['a class that offers one', "import { Db } from './db'; function f(db: Db) { db.borrowConnection(); }", { 'db.ts': 'export class Db { borrowConnection() {} }' }, 'db.ts: `borrowConnection`'],
    ['halves of different classes', "import { Db } from './db'; function f(db: Db) { db.borrowConnection(); }", { 'db.ts': 'export class Db { borrowConnection() {} } export class Other { returnConnection() {} }' }, 'db.ts: `borrowConnection`'],
    ['a base class that offers one', "import { Db } from './db'; function f(db: Db) { db.borrowConnection(); }", { 'db.ts': "import { Base } from './base'; export class Db extends Base { borrowConnection() {} }", 'base.ts': 'export class Base { returnConnection(c) {} }' }, 'borrowConnection() by pair'],
    ['an interface', "import type { Db } from './db'; function f(db: Db) { db.checkoutClient(); }", { 'db.ts': 'export interface Db { checkoutClient(): Client; checkinClient(client: Client): void }' }, 'checkoutClient() by pair'],
    ['a module of functions', "import { getConn } from './db'; getConn();", { 'db.ts': 'export function getConn() {} export function putConn(c) {}' }, 'getConn() by pair'],
    ['a module of unknown values', "const { getConn } = require('./db'); getConn();", { 'db.js': 'exports.getConn = wrap(a); exports.putConn = wrap(b);' }, 'getConn() by pair'],
    ['a module asked as one', "import * as db from './db'; db.getConn();", { 'db.ts': 'export function getConn() {} export function putConn(c) {}' }, 'getConn() by pair'],
    ['an object', "const db = require('./db'); db.getConn();", { 'db.js': 'module.exports = { getConn() {}, putConn(c) {} };' }, 'getConn() by pair'],
    ['a module that offers one', "import { getConn } from './db'; getConn();", { 'db.ts': 'export function getConn() {}' }, 'db.ts: `getConn`'],
    ['halves of different modules', "import { getConn } from './a'; getConn();", { 'a.ts': 'export function getConn() {}', 'b.ts': 'export function putConn() {}' }, 'a.ts: `getConn`'],
  ])('%s', (_, main, sources, expected) => {
    expect(seenFrom(main, sources)).toBe(expected);
  });
});

describe('which file shows it', () => {
  it.each<[string, string, Sources, string | undefined]>([
    ['src/api/main.ts', "import { pool } from '../db'; pool.connect();", { 'src/db.ts': `${POOL} export { pool };` }, '../db.ts'],
    ['main.ts', "import { pool } from './all'; pool.connect();", { 'all.ts': "export { pool } from './lib/db';", 'lib/db.ts': `${POOL} export { pool };` }, './lib/db.ts'],
    ['main.ts', "import { Db } from './db'; function f(db: Db) { db.pool.connect(); }", { 'db.ts': "import { Base } from './lib/base'; export class Db extends Base {}", 'lib/base.ts': "import { Pool } from 'pg'; export class Base { pool = new Pool(); }" }, './lib/base.ts'],
    ['main.ts', "import { MyPool } from './db'; new MyPool().connect();", { 'db.ts': "import { Pool } from 'pg'; export class MyPool extends Pool {}" }, './db.ts'],
    ['main.ts', "import { getConn } from './db'; getConn();", { 'db.ts': 'export function getConn() {} export function putConn(c) {}' }, './db.ts'],
    ['main.ts', "import type { Db } from './db'; async function f(db: Db) { (await db.pool()).connect(); }", { 'db.ts': 'export interface Client { query(): void; release(): void } export interface P { connect(): Promise<Client> } export interface Db { pool(): P }' }, './db.ts'],
    ['main.ts', "import { Pool } from 'pg'; new Pool().connect();", {}, undefined],
    ['main.ts', "import { getConn, putConn } from './db'; getConn();", {}, undefined],
  ])('of %s: %s', (path, main, sources, expected) => {
    const { bindings, file } = modelsOfProject({ ...sources, [path]: main })(path);
    const [acquisition] = [...file.calls.values()].flat().flatMap((call) => bindings.acquisitionOf(call) ?? []);
    expect(acquisition).toBeDefined();
    expect(acquisition?.evidenceFile).toBe(expected);
  });
});

describe('circles', () => {
  it.each<[string, string, Sources, string]>([
    ['barrels that export each other', "import { pool } from './a'; pool.connect();", { 'a.ts': "export * from './b';", 'b.ts': `export * from './a'; ${POOL} export { pool };` }, CONNECT],
    ['barrels that have nothing', "import { pool } from './a'; pool.connect();", { 'a.ts': "export * from './b';", 'b.ts': "export * from './a';" }, 'nothing'],
    ['a name that comes back', "import { pool } from './a'; pool.connect();", { 'a.ts': "export { pool } from './b';", 'b.ts': "export { pool } from './a';" }, 'nothing'],
    ['modules that hand each other on', "require('./a').connect(); require('./a')().connect(); new (require('./b'))();", { 'a.js': "module.exports = require('./b');", 'b.js': "module.exports = require('./a');" }, 'nothing'],
    ['classes that extend each other', "import { A } from './a'; new A().connect();", { 'a.ts': "import { B } from './b'; export class A extends B {}", 'b.ts': "import { A } from './a'; export class B extends A {}" }, 'nothing'],
    ['an object that spreads itself', "import { a } from './a'; a.pool.connect();", { 'a.ts': "import { b } from './b'; export const a = { ...b };", 'b.ts': "import { a } from './a'; export const b = { ...a };" }, 'nothing'],
    ['what comes home is of this file again', "import { again } from './a'; export function open() {} again();", { 'a.ts': "export { open as again } from './main';" }, 'nothing'],
  ])('%s', (_, main, sources, expected) => {
    expect(seenFrom(main, sources)).toBe(expected);
  });

  it('knows a function of its own that comes back from another file as one of its own', () => {
    const modelOf = modelsOfProject({ 'main.ts': "import { again } from './a'; export function open() {} again();", 'a.ts': "export { open as again } from './main';" });
    const { bindings, file } = modelOf('main.ts');
    const [call] = [...file.calls.values()].flat();
    expect(describeUnit(bindings.calleeOf(call!)!)).toBe('`open`');
  });

  it.each(['main', 'a main', 'b main', 'a b main', 'b a main', 'c a b main'])('answers the same when the files are asked in the order %s', (order) => {
    const modelOf = modelsOfProject({
      'a.ts': "import { b } from './b'; import { Pool } from 'pg'; export const a = globalThis.b ? b : new Pool(); a.connect();",
      'b.ts': "import { a } from './a'; export const b = a; b.connect();",
      'c.ts': "import { b } from './b'; export const c = b; c.connect();",
      'main.ts': "import { a } from './a'; import { b } from './b'; import { c } from './c'; a.connect(); b.connect(); c.connect();",
    });
    const answers = order.split(' ').map((name) => acquisitionsIn(`${name}.ts`, modelOf));
    expect(answers.at(-1)).toBe([CONNECT, CONNECT, CONNECT].join('; '));
  });
});
