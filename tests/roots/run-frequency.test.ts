/** How often code runs, where a value goes, and behind which guards: each by one construction in a few lines. */
import { describe, expect, it } from 'vitest';
import { keeperOf } from '../../src/roots/find-keeper.ts';
import { findRootConstructions } from '../../src/roots/find-root-constructions.ts';
import { isEdgeRuntime } from '../../src/roots/is-edge-runtime.ts';
import { isMemoised, memoGuardsOf } from '../../src/roots/memo-guard.ts';
import { runFrequencyOf } from '../../src/roots/run-frequency.ts';
import { findNode, modelOfSource } from '../model-of-source.ts';

const IMPORT = "import { Pool } from 'pg';\n";

function construction(source: string): { model: ReturnType<typeof modelOfSource>; node: ReturnType<typeof findNode> } {
  const model = modelOfSource(IMPORT + source);
  return { model, node: findNode(model, 'new Pool()') };
}

describe('runFrequencyOf', () => {
  it.each([
    ['const pool = new Pool();', 'once', 'module level'],
    ['(() => { new Pool(); })();', 'once', 'module level'],
    ['function only() { new Pool(); } only();', 'once', 'called once'],
    ['function inner() { new Pool(); } function outer() { inner(); } outer();', 'once', 'called once'],
    ['export async function main() { new Pool(); }', 'once', 'start-up'],
    ['export async function connectToDatabase() { new Pool(); }', 'once', 'start-up'],
    ['app.listen(1, () => { new Pool(); });', 'once', 'start-up'],
    ['export function findUser() { new Pool(); }', 'many', 'exported'],
    ['export function connectUser() { new Pool(); }', 'many', 'exported'],
    ['function list() { new Pool(); } export { list };', 'many', 'exported'],
    ['function list() { new Pool(); } module.exports = { list };', 'many', 'exported'],
    ['exports.handler = async () => { new Pool(); };', 'many', 'exported'],
    ['app.get("/users", () => { new Pool(); });', 'many', 'registered'],
    ['function users() { new Pool(); } app.get("/users", users);', 'many', 'registered'],
    ['setInterval(() => { new Pool(); }, 10);', 'many', 'registered'],
    ['socket.on("message", () => { new Pool(); });', 'many', 'registered'],
    ['socket.on("ready", () => { new Pool(); });', 'once', 'start-up'],
    ['function run(urls) { for (const url of urls) new Pool(); } run([]);', 'many', 'loop'],
    ['function run(urls) { urls.map((url) => new Pool()); } run([]);', 'many', 'loop'],
    ['async function retry() { for (;;) { new Pool(); break; } } retry();', 'once', 'called once'],
    ['class Users { find() { new Pool(); } }', 'many', 'method'],
    ['class Users { #fill() { new Pool(); } init() { this.#fill(); } }', 'once', 'called once'],
    ['class Users { constructor() { new Pool(); } } new Users();', 'once', 'called once'],
    ['app.get("/users", () => { getUsers(); }); const getUsers = () => { new Pool(); };', 'many', 'registered'],
  ])('%s', (source, often, why) => {
    const { model, node } = construction(source);
    expect(runFrequencyOf(model, node)).toMatchObject({ often, why });
  });

  it.each([
    'const get = memoize(() => { new Pool(); });',
    'export class Users { constructor() { new Pool(); } }',
    'export class Users { pool = new Pool(); }',
    'function neverCalled() { new Pool(); }',
    'function again() { again(); new Pool(); } again;',
  ])('is not known for %s', (source) => {
    const { model, node } = construction(source);
    expect(runFrequencyOf(model, node).often).toBe('unknown');
  });
});

describe('keeperOf', () => {
  it.each([
    ['const pool = new Pool();', { kind: 'variable', isModuleLevel: true }],
    ['function f() { const pool = new Pool(); }', { kind: 'variable', isModuleLevel: false }],
    ['let pool; function f() { pool ??= new Pool(); }', { kind: 'variable', isModuleLevel: true }],
    ['globalThis.pool = new Pool();', { kind: 'global' }],
    ['const store = globalThis as unknown as { pool: Pool }; store.pool ??= new Pool();', { kind: 'global' }],
    ['this.pool = new Pool();', { kind: 'member' }],
    ['class A { pool = new Pool(); }', { kind: 'field' }],
    ['export default new Pool();', { kind: 'export' }],
    ['const f = () => new Pool();', { kind: 'returned' }],
    ['function f() { return { pool: new Pool() }; }', { kind: 'returned' }],
    ['use({ pool: new Pool() });', { kind: 'argument', property: 'pool' }],
    ['new Pool().query("x");', { kind: 'used' }],
    ['const pool = new Pool().on("error", log);', { kind: 'variable' }],
    ['new Pool();', { kind: 'nothing' }],
  ])('%s', (source, keeper) => {
    const { model, node } = construction(source);
    expect(keeperOf(model, node, new Set(['on']))).toMatchObject(keeper);
  });
});

describe('isMemoised', () => {
  it.each([
    'let pool; function f() { if (!pool) pool = new Pool(); }',
    'let pool; function f() { if (pool === undefined) { pool = new Pool(); } }',
    'let pool; function f() { if (pool) return pool; pool = new Pool(); }',
    'let pool; function f() { return pool ?? (pool = new Pool()); }',
    'let pool; function f() { pool ||= new Pool(); }',
    'const pools = new Map(); function f(k) { if (!pools.has(k)) pools.set(k, new Pool()); }',
    'const pools = {}; function f(k) { const known = pools[k]; if (known) return known; pools[k] = new Pool(); }',
    'class A { get() { this.pool ??= new Pool(); } }',
    'function f() { if (!globalThis.pool) globalThis.pool = new Pool(); }',
    'const pool = globalThis.pool || new Pool(); globalThis.pool = pool;',
  ])('yes: %s', (source) => {
    const { model, node } = construction(source);
    expect(isMemoised(model, node)).toBe(true);
  });

  it.each([
    'function f() { const pool = new Pool(); }',
    'let pool; function f() { const own = pool ?? new Pool(); }',
    'function f(pool) { pool ??= new Pool(); }',
    'let ready; function f() { if (ready) new Pool(); ready = true; }',
    'const pool = globalThis.pool || new Pool();',
    'const pool = globalThis.pool || new Pool(); globalThis.other = pool;',
  ])('no: %s', (source) => {
    const { model, node } = construction(source);
    expect(isMemoised(model, node)).toBe(false);
  });

  it('names the guards from the inside out', () => {
    const { model, node } = construction('function f() { if (!a) { b ??= new Pool(); } }');
    expect(memoGuardsOf(node).map(({ asked }) => model.text.slice(...asked.range))).toEqual(['b', 'a']);
  });
});

describe('isEdgeRuntime', () => {
  it.each([
    "export const runtime = 'edge';",
    "export const config = { runtime: 'experimental-edge' };",
    'export default { async fetch(request, env) {} };',
    "import { env } from 'cloudflare:workers';",
    'context.waitUntil(work());',
  ])('yes: %s', (source) => {
    expect(isEdgeRuntime(modelOfSource(source))).toBe(true);
  });

  it.each(["export const runtime = 'nodejs';", 'export default function handler() {}', 'const edge = "edge";'])('no: %s', (source) => {
    expect(isEdgeRuntime(modelOfSource(source))).toBe(false);
  });
});

it('constructions come in source order, each library by its own way', () => {
  const model = modelOfSource("import Redis from 'ioredis'; import pgp from 'pg-promise'; import { Pool } from 'pg'; const a = pgp()('x'); const b = new Redis(); const c = new Pool();");
  expect(findRootConstructions(model).map(({ path }) => path)).toEqual(['pg-promise()', 'ioredis', 'pg › Pool']);
});
