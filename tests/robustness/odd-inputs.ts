/** Code that nobody plans for. Every reading that parses it is tried; at least one must. */
export interface OddInput {
  readonly name: string;
  readonly code: string;
  /** What the rules report in every reading that parses the code; absent where only survival counts. */
  readonly reported?: readonly string[];
}

const head = "import { Pool } from 'pg';\nconst pool = new Pool();\n";
const nothing: readonly string[] = [];
const leak: readonly string[] = ['require-release'];

/** A function that holds a client across `body` and never releases it. */
const held = (body: string, parameters = '') => `${head}
export async function hold(${parameters}) {
  const client = await pool.connect();
${body}
  await client.query('select 1');
}
`;

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

const nested = (depth: number, open: string, middle: string, close: string): string =>
  open.repeat(depth) + middle + close.repeat(depth);

export const oddInputs: readonly OddInput[] = [
  // Files with little in them.
  { name: 'an empty file', code: '', reported: nothing },
  { name: 'white space', code: ' \n\t\r\n \u2028 \u00a0', reported: nothing },
  { name: 'only comments', code: '// one\n/* two */\n/** three */', reported: nothing },
  { name: 'a comment without a line end', code: "// import { Pool } from 'pg'", reported: nothing },
  { name: 'a byte order mark', code: `\ufeff${held('')}`, reported: leak },
  { name: 'only a byte order mark', code: '\ufeff', reported: nothing },
  { name: 'a hashbang', code: `#!/usr/bin/env node\n${held('')}`, reported: leak },
  { name: 'carriage returns', code: held('').replaceAll('\n', '\r\n'), reported: leak },
  { name: 'old Macintosh line ends', code: held('').replaceAll('\n', '\r'), reported: leak },
  { name: 'no line ends', code: held('').replaceAll('\n', ' '), reported: leak },
  { name: 'only directives', code: '"use strict"; "use client";', reported: nothing },
  { name: 'only semicolons', code: ';'.repeat(100), reported: nothing },
  { name: 'a lone expression', code: 'pool.connect()', reported: nothing },
  { name: 'astral characters', code: held("  const 𝒳 = '😀';\n  client.query(𝒳);"), reported: leak },
  { name: 'escaped names', code: held('  cl\\u0069ent.query("select 2");'), reported: leak },
  { name: 'an escaped acquire', code: held('').replace('pool.connect', 'pool.c\\u006fnnect') },

  // Names that clash with something.
  { name: 'names of Object.prototype', code: held('  constructor(toString, __proto__, hasOwnProperty);\n  const valueOf = { __proto__: client };\n  valueOf.toString();'), reported: leak },
  { name: 'functions called like properties of objects', code: `function constructor() {}\nfunction hasOwnProperty() {}\nfunction toString() {}\nconstructor(); hasOwnProperty(); toString();`, reported: nothing },
  { name: 'imports called like properties of objects', code: "import { constructor, toString, hasOwnProperty as valueOf } from 'pg';\nnew constructor().connect(); toString().connect(); valueOf.connect();", reported: nothing },
  { name: 'modules called like properties of objects', code: "import { Pool } from 'constructor';\nimport x from '__proto__';\nnew Pool().connect(); new x.Pool().connect();", reported: nothing },
  { name: 'a member called like a property of objects', code: `${head}\nexport async function run() { await pool.constructor(); await pool.toString(); await pool['__proto__'](); }`, reported: nothing },
  { name: 'a shadowed Pool', code: `${head}\nexport async function run(Pool) { const pool = new Pool(); await pool.connect(); }`, reported: nothing },
  { name: 'a Pool declared twice', code: "var Pool = require('pg').Pool;\nvar Pool = class {};\nasync function run() { await new Pool().connect(); }" },
  { name: 'a function called Pool beside the import', code: `${head}\n{ function Pool() {} new Pool().connect(); }`, reported: nothing },
  { name: 'duplicate parameters', code: 'function run(a, a, a) { a.release(); return a; }', reported: nothing },
  { name: 'a parameter called arguments', code: 'function run(arguments) { arguments[0].release(); }', reported: nothing },
  { name: 'undefined and NaN declared', code: 'function run(undefined, NaN) { if (undefined) NaN.release(); }', reported: nothing },
  { name: 'undeclared names', code: 'nowhere.connect(); const c = await2(nothing.getConnection()); c?.release();', reported: nothing },
  { name: 'require called with anything', code: 'require(); require(1); require(`pg`); require("p" + "g"); require(...["pg"]); new require("pg").Pool();', reported: nothing },
  { name: 'a require of one\'s own', code: "function require(name) { return { Pool: class { connect() {} } }; }\nasync function run() { const { Pool } = require('pg'); await new Pool().connect(); }", reported: nothing },

  // Values that lead back to themselves.
  { name: 'circular constants', code: 'const a = b, b = a;\na.connect(); b.getConnection();', reported: nothing },
  { name: 'a constant that is itself', code: 'const a = a;\na.connect();', reported: nothing },
  { name: 'circular patterns', code: 'const { a } = b, { b } = a, [c] = [c];\na.connect(); c.connect();', reported: nothing },
  { name: 'a circle of properties', code: 'const a = { get b() { return a.c; }, get c() { return a.b; } };\na.b.connect();', reported: nothing },
  { name: 'a default that is itself', code: 'function run(a = a, { b = b } = b) { a.connect(); b.connect(); }', reported: nothing },
  { name: 'a recursive function', code: `${head}\nexport async function get(n) { return n ? get(n - 1) : pool.connect(); }\nexport async function use() { const c = await get(3); c.release(); }` },
  { name: 'a function that only calls itself', code: `${head}\nfunction give(client) { give(client); }\nexport async function run() { const client = await pool.connect(); give(client); }` },
  { name: 'mutually recursive functions', code: `${head}\nfunction even(c, n) { if (n) odd(c, n - 1); else c.release(); }\nfunction odd(c, n) { if (n) even(c, n - 1); else c.release(); }\nexport async function run() { const c = await pool.connect(); even(c, 5); }` },
  { name: 'mutually recursive factories', code: `${head}\nconst a = async () => b();\nconst b = async () => a();\nexport async function run() { const c = await a(); c.release(); }`, reported: nothing },
  { name: 'mutually recursive classes', code: 'class A { b = new B(); pool = this.b.pool; }\nclass B { a = new A(); pool = this.a.pool; }\nexport async function run() { await new A().pool.connect(); }', reported: nothing },
  { name: 'a class that extends itself', code: 'class A extends A { run() { this.connect(); super.connect(); } }\nnew A().connect();', reported: nothing },
  { name: 'classes that extend each other', code: 'class A extends B {}\nclass B extends A {}\nasync function run() { const c = await new A().connect(); c.release(); }', reported: nothing },
  { name: 'a field that is itself', code: 'class A { pool = this.pool; static pool = A.pool; run() { return this.pool.connect(); } }', reported: nothing },
  { name: 'a getter that asks itself', code: 'class A { get pool() { return this.pool; } async run() { const c = await this.pool.connect(); c.release(); } }', reported: nothing },
  { name: 'a type that is itself', code: 'type A = A;\ntype B = C; type C = B;\ninterface D extends D { pool: D }\nexport async function run(a: A, b: B, d: D) { await a.connect(); await b.connect(); await d.pool.pool.connect(); }', reported: nothing },
  { name: 'an import of itself', code: "import { a } from './file';\nexport { a };\na.connect();", reported: nothing },

  // Statements out of fashion.
  { name: 'with', code: "const { Pool } = require('pg'); const pool = new Pool();\nasync function run(o) { const client = await pool.connect(); with (o) { client.query('x'); release(); } }" },
  { name: 'with a client', code: "const { Pool } = require('pg'); const pool = new Pool();\nasync function run() { with (await pool.connect()) { query('x'); release(); } }" },
  { name: 'eval', code: `${head}\nexport async function run(text) { const client = await pool.connect(); eval(text); eval('client.release()'); }` },
  { name: 'a function from text', code: held("  new Function('client', 'client.release()')(client);"), reported: leak },
  { name: 'arguments', code: held('  arguments[0] = client;\n  arguments.length = 0;') },
  { name: 'arguments of a callee', code: `${head}\nfunction give() { arguments[0].release(); }\nexport async function run() { const client = await pool.connect(); give(client); }` },
  { name: 'labels called like anything', code: held('  client: { pool: for (;;) { Pool: do { if (client) break pool; continue Pool; } while (0); } }\n  undefined: ;'), reported: leak },
  { name: 'the same label twice', code: held('  a: { break a; }\n  a: { break a; }'), reported: leak },
  { name: 'nested labels on one statement', code: held('  a: b: c: for (;;) { if (f()) continue a; if (g()) continue b; break c; }'), reported: leak },
  { name: 'a label on a function', code: 'a: function run() {}', reported: nothing },
  { name: 'a labelled block inside finally', code: held('  a: try { client.query("x"); } finally { b: { if (client) break b; break a; } }'), reported: leak },
  { name: 'octal numbers', code: 'var a = 010; a.connect();', reported: nothing },
  { name: 'delete of a name', code: "var pool = require('pg'); delete pool; pool.connect();", reported: nothing },
  { name: 'HTML comments', code: '<!-- a\nvar b = 1;\n--> c', reported: nothing },
  { name: 'var in loops and switch', code: held('  for (var i in { a: 1 }) var j = i;\n  switch (j) { case 1: var k = 2; default: let l = k; }'), reported: leak },
  { name: 'a function in an if', code: 'if (true) function a() {}\nelse function b() {}', reported: nothing },
  { name: 'return at the top', code: 'if (a) return; b.connect();', reported: nothing },
  { name: 'await as a name', code: 'var await = 1; function run(await) { return await.connect(); }', reported: nothing },
  { name: 'yield, async, of, let, get, using as names', code: 'var yield = 1, async = 2, of = 3, let = 4, get = 5, using = 6; async.connect(); of.connect();', reported: nothing },

  // Objects that do what they want.
  { name: 'a proxy of a pool', code: `${head}\nconst proxied = new Proxy(pool, {});\nexport async function run() { const c = await proxied.connect(); c.release(); }` },
  { name: 'a proxy of a client', code: held('  const proxied = new Proxy(client, { get: (target, key) => Reflect.get(target, key) });\n  proxied.release();') },
  { name: 'getters and setters', code: held('  const o = { get client() { return client; }, set client(v) { v.release(); } };\n  o.client = o.client;') },
  { name: 'computed members', code: held("  client['que' + 'ry']('x'); client[Symbol.iterator]; client[client](client)[0]; client[''](); client[`query`]('y');") },
  { name: 'bound and applied methods', code: held('  client.release.call(client); client.release.apply(client, []); client.release.bind(client)(); Reflect.apply(client.release, client, []);') },
  { name: 'a pool as a prototype', code: `${head}\nconst child = Object.create(pool);\nexport async function run() { await child.connect(); }` },
  { name: 'everything optional', code: held('  client?.query?.("x")?.rows?.[0]?.(client?.release)?.a;'), reported: leak },
  { name: 'assignments everywhere', code: held('  let a, b; (a = b = client).query("x"); [a, b = a] = [b, client]; ({ a, b: [b] = [] } = { a: client }); a ??= b ||= client; a++;') },
  { name: 'a client that is assigned to itself', code: `${head}\nexport async function run() { let client = await pool.connect(); client = client; client = (0, client); client.release(); }`, reported: nothing },
  { name: 'a client compared with everything', code: held('  if (client === client || client == null || !client != !!client || typeof client === "object" || client instanceof Pool || "a" in client) void 0;'), reported: leak },
  { name: 'a client as operand', code: held('  client + client; -client; client++; `${client}`; client, client; client ? client : client;').replace('const client', 'let client') },
  { name: 'a client thrown', code: `${head}\nexport async function run() { throw await pool.connect(); }` },
  { name: 'a client as key', code: held('  ({ [client]: client }); class A { [client] = client; static [client.query]() {} }') },
  { name: 'a client spread', code: held('  f(...client); [...client]; ({ ...client });') },
  { name: 'a client as a parameter default', code: held('  const f = (c = client, { d = client } = {}) => c.query(d); f();'), reported: leak },
  { name: 'a client captured by a class', code: held('  class A { client = client; static { client.query("x"); } run() { client.release(); } }\n  new A();') },
  { name: 'an acquire in odd places', code: `${head}
export async function run(a) {
  a[await pool.connect()] = await pool.connect();
  for (const x of await pool.connect()) break;
  for (const x in await pool.connect()) break;
  switch (await pool.connect()) { case await pool.connect(): }
  \`\${await pool.connect()}\`;
  tag\`\${await pool.connect()}\`;
  if (await pool.connect()) ;
  do ; while (await pool.connect());
  class A extends (await pool.connect()) { [await pool.connect()]() {} }
  (await pool.connect())?.[await pool.connect()]?.(await pool.connect());
  delete (await pool.connect()).a;
  typeof (await pool.connect());
  import(await pool.connect());
  const { [await pool.connect()]: b = await pool.connect(), ...c } = await pool.connect();
  a ??= await pool.connect(), a ||= await pool.connect(), a &&= await pool.connect();
  label: await pool.connect();
  throw (await pool.connect(), await pool.connect());
}
` },
  { name: 'an acquire in parameter defaults', code: `${head}\nexport function run(a = pool.connect(), { b = pool.connect() } = {}, [c = pool.connect()] = []) { return [a, b, c]; }` },
  { name: 'an acquire in a generator\'s yield', code: `${head}\nexport async function* run() { yield pool.connect(); yield* await pool.connect(); const a = yield await pool.connect(); a.release(); }` },
  { name: 'an acquire while a class is made', code: `${head}\nexport class A { a = pool.connect(); static b = pool.connect(); static { pool.connect(); } [pool.connect()] = 1; @pool.connect() c; }` },

  // Unreachable and endless.
  { name: 'code after return', code: held('  return;\n  client.release();\n  function later() { client.release(); }'), reported: leak },
  { name: 'code after throw', code: held('  throw new Error();\n  client.release();'), reported: leak },
  { name: 'an endless loop without exit', code: `${head}\nexport async function run() { const client = await pool.connect(); for (;;) ; client.release(); }`, reported: nothing },
  { name: 'endless loops in each other', code: `${head}\nexport async function run() { const client = await pool.connect(); while (true) { do { for (;;) { continue; } } while (true); } }`, reported: nothing },
  { name: 'a loop that never turns', code: held('  for (const x of []) ; while (false) client.release(); for (; false; ) client.release();'), reported: leak },
  { name: 'finally without end', code: `${head}\nexport async function run() { const client = await pool.connect(); try { return; } finally { for (;;) ; } }`, reported: nothing },
  { name: 'finally in finally in finally', code: held('  try { try { return; } finally { try { throw 1; } finally { client.query("x"); } } } finally { try {} catch {} finally {} }'), reported: leak },
  { name: 'empty bodies', code: held('  if (client) ; else ; for (;false;) ; while (false) ; try {} catch {} finally {} {} switch (1) {} a: ;'), reported: leak },

  // TypeScript.
  { name: 'enums and namespaces', code: `${head}\nenum E { A = 1, B = A }\nnamespace N { export const p = new Pool(); export namespace M { export async function run() { const c = await p.connect(); await c.query('x'); } } }\ndeclare enum F { A }\n`, reported: leak },
  { name: 'declarations only', code: "declare module 'a' { import { Pool } from 'pg'; export const pool: Pool; export function run(): void; }\ndeclare const pool: import('pg').Pool;\ndeclare function f(): void;\ndeclare class C { m(): void; get a(): string; }\ndeclare namespace N { let x: number }\ndeclare global { interface Window { a: 1 } }\n", reported: nothing },
  { name: 'overloads', code: `${head}\nexport function run(a: string): Promise<void>;\nexport function run(a: number): Promise<void>;\nexport async function run(a: unknown) { const client = await pool.connect(); await client.query(String(a)); }\nclass A { m(): void; m(a?: string): void; m() {} constructor(); constructor(a?: string) {} }`, reported: leak },
  { name: 'abstract classes', code: `${head}\nabstract class A { abstract pool: Pool; abstract accessor x: Pool; abstract get(): Promise<unknown>; async run() { const c = await this.pool.connect(); await c.query('x'); } }`, reported: leak },
  { name: 'export =', code: "import pg = require('pg');\nconst pool = new pg.Pool();\nasync function run() { const c = await pool.connect(); await c.query('x'); }\nexport = run;", reported: leak },
  { name: 'import aliases', code: "import * as pg from 'pg';\nimport P = pg.Pool;\nimport type Q = require('pg');\nconst pool = new P();\nexport async function run() { const c = await pool.connect(); await c.query('x'); }" },
  { name: 'decorators', code: `${head}\n@Injectable() class A { @Inject() pool: Pool; constructor(@Inject('P') private readonly p: Pool) {} @Get() async run(@Param() id: string) { const c = await this.p.connect(); await c.query(id); } }`, reported: leak },
  { name: 'this parameters and assertions', code: `${head}\nexport async function run(this: { pool: Pool }, a: unknown): Promise<void> { const c = await this.pool.connect(); (<any>c)!.query(a as string satisfies string); }` },
  { name: 'generic arrows', code: `${head}\nexport const run = async <T,>(work: (c: unknown) => Promise<T>): Promise<T> => { const c = await pool.connect(); return await work(c); };`, reported: leak },
  { name: 'a namespace merged with a function', code: `${head}\nfunction run() { return pool; }\nnamespace run { export const a = 1; }\nexport async function use() { const c = await run().connect(); await c.query('x'); }` },
  { name: 'JSX around a client', code: `${head}\nexport async function Page({ id }) { const client = await pool.connect(); const { rows } = await client.query(id); return <><a {...rows[0]} b={<c>{rows.map((r) => <d key={r.id} />)}</c>} /></>; }`, reported: leak },
  { name: 'JSX with member and namespaced names', code: 'const a = <b.c.d e:f="g"><h:i /></b.c.d>;', reported: nothing },

  // A lot of the same. How deep nesting may go is the parser's limit; deep-nesting.test.ts goes there.
  // Seven finally blocks in each other are what ESLint's own code-path analysis bears (it doubles with each).
  { name: '150 nested ifs', code: held(nested(150, 'if (a()) {', 'b();', '}')), reported: leak },
  { name: '300 else-ifs', code: held(`  if (a()) b(); ${times(300, (i) => `else if (a(${i})) b();`)}`), reported: leak },
  { name: '150 nested conditional expressions', code: held(`  const x = ${times(150, (i) => `a(${i}) ? ${i} : `)}0;`), reported: leak },
  { name: '150 nested conditional expressions on the left', code: held(`  const x = ${nested(150, '(', 'a', ' ? b : c)')};`), reported: leak },
  { name: '150 nested blocks', code: held(nested(150, '{', 'b();', '}')), reported: leak },
  { name: '150 nested arrays', code: held(`  const x = ${nested(150, '[', '1', ']')};`), reported: leak },
  { name: '150 nested objects', code: held(`  const x = ${nested(150, '{a:', '1', '}')};`), reported: leak },
  { name: '150 nested patterns', code: held(`  const ${nested(150, '{a:', 'b', '}')} = c;`), reported: leak },
  { name: '150 nested calls', code: held(`  ${nested(150, 'f(', '1', ')')};`), reported: leak },
  { name: '100 nested arrow functions', code: held(`  const x = ${'() => '.repeat(100)} 1;`), reported: leak },
  { name: '100 nested functions', code: held(nested(100, 'function f() {', 'g();', '}')), reported: leak },
  { name: '50 nested classes', code: held(nested(50, 'class A { static {', 'g();', '}}')), reported: leak },
  { name: '100 nested try blocks', code: held(nested(100, 'try {', 'b();', '} finally { c(); }')), reported: leak },
  { name: '100 nested catch blocks', code: held(nested(100, 'try { a(); } catch {', 'b();', '}')), reported: leak },
  { name: '7 nested finally blocks', code: held(nested(7, 'try { a(); } finally {', 'b();', '}')), reported: leak },
  { name: '100 nested loops', code: held(nested(100, 'while (a()) {', 'b();', '}')), reported: leak },
  { name: '100 nested labelled loops left at once', code: held(`${times(100, (i) => `l${i}: for (;;) {`)} if (a()) break l0; ${times(100, (i) => `if (b()) continue l${99 - i};}`)}`), reported: leak },
  { name: '100 nested switches', code: held(nested(100, 'switch (a()) { case 1:', 'b();', '}')), reported: leak },
  { name: 'a member chain of 300', code: held(`  x${'.a'.repeat(300)};`), reported: leak },
  { name: 'a call chain of 300', code: held(`  x${times(300, (i) => `.m(${i})`)};`), reported: leak },
  { name: 'an optional chain of 300', code: held(`  x${'?.a()'.repeat(300)};`), reported: leak },
  { name: 'a sum of 300', code: held(`  const x = 'a'${" + 'a'".repeat(300)};`), reported: leak },
  { name: 'a conjunction of 300 calls', code: held(`  const x = a()${' && a()'.repeat(300)};`), reported: leak },
  { name: 'a condition of 300 tests of the client', code: held(`  if (client${' && client'.repeat(300)}) b();`), reported: leak },
  { name: 'an array of 2,000', code: held(`  const x = [${times(2000, (i) => `${i},`)}];`), reported: leak },
  { name: 'an array of 2,000 calls', code: held(`  const x = [${times(2000, (i) => `f(${i}),`)}];`), reported: leak },
  { name: 'an object of 2,000', code: held(`  const x = {${times(2000, (i) => `p${i}: ${i},`)}};`), reported: leak },
  { name: 'a call with 2,000 arguments', code: held(`  f(${times(2000, (i) => `${i},`)});`), reported: leak },
  { name: 'a function with 500 parameters', code: held('', times(500, (i) => `p${i} = f(${i}),`)), reported: leak },
  { name: 'a template of 1,000 parts', code: held(`  const x = \`${times(1000, (i) => `\${f(${i})}`)}\`;`), reported: leak },
  { name: 'a sequence of 300', code: held(`  a()${', a()'.repeat(300)};`), reported: leak },
  { name: 'a switch of 1,000 cases', code: held(`  switch (a()) {${times(1000, (i) => `case ${i}: b(); ${i % 3 ? 'break;' : ''}`)} default: }`), reported: leak },
  { name: 'a switch of 500 returning cases', code: held(`  switch (a()) {${times(500, (i) => `case ${i}: client.release(); return ${i};`)} }`), reported: leak },
  { name: '500 variables', code: held(times(500, (i) => `let v${i} = ${i ? `v${i - 1}` : 'client'};`)), reported: leak },
  { name: '200 flags', code: held(times(200, (i) => `let f${i} = false; if (a()) f${i} = true;`)), reported: leak },
  { name: '12 flags that all guard the release', code: `${head}\nexport async function run(a) { const client = await pool.connect();\n${times(12, (i) => `let f${i} = false; if (a[${i}]) f${i} = true;`)}\nclient.release(); }`, reported: nothing },
  { name: '200 helpers in a row', code: `${head}${times(200, (i) => `function h${i}(c) { ${i === 199 ? 'c.release()' : `h${i + 1}(c)`}; }\n`)}export async function run() { const client = await pool.connect(); try { await client.query('x'); } finally { h0(client); } }`, reported: nothing },
  { name: '200 factories in a row', code: `${head}${times(200, (i) => `function g${i}() { return ${i === 199 ? 'pool.connect()' : `g${i + 1}()`}; }\n`)}export async function run() { const client = await g0(); await client.query('x'); }`, reported: leak },
  { name: 'a line of 200,000 characters', code: held(`  const x = '${'a'.repeat(200_000)}';`), reported: leak },
];
