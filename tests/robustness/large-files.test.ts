import { describe, expect, it } from 'vitest';
import { lintSource } from './lint-source.ts';

const reading = { parser: 'typescript', sourceType: 'module' } as const;
const head = "import { Pool } from 'pg';\nconst pool = new Pool();\n";
const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');
const leaks = (count: number) => ({ reported: Array.from({ length: count }, () => 'require-release') });

/** Each file has thousands of lines; the limit is there to stop a hang, not to measure. */
const patience = 60_000;

describe('large generated files finish', () => {
  it('5,000 lines without a database', () => {
    const code = times(1000, (i) => `export function f${i}(a) {\n  if (a) return ${i};\n  for (const b of a) f${i}(b);\n  return a.b.c(${i});\n}\n`);
    expect(lintSource(code, reading)).toEqual({ reported: [] });
  }, patience);

  it('5,000 lines in which every second function leaks', () => {
    const code = times(500, (i) => {
      const release = i % 2 ? '  try {\n    await client.query(text);\n  } finally {\n    client.release();\n  }\n' : '  await client.query(text);\n  if (!text) return;\n  console.log(text);\n  text += text;\n  client.release();\n';
      return `export async function f${i}(text) {\n  const client = await pool.connect();\n${release}}\n\n`;
    });
    expect(code.split('\n').length).toBeGreaterThanOrEqual(4500);
    expect(lintSource(head + code, reading)).toEqual(leaks(250));
  }, patience);

  it('one function of 5,000 lines that holds one client', () => {
    const body = times(1250, (i) => `  if (a(${i})) {\n    await client.query('${i}');\n  }\n  b(${i});\n`);
    const wrap = (inner: string) => `${head}export async function f(a, b) {\n  const client = await pool.connect();\n${inner}}\n`;
    expect(lintSource(wrap(body), reading)).toEqual(leaks(1));
    expect(lintSource(wrap(`try {\n${body}} finally {\n  client.release();\n}\n`), reading)).toEqual(leaks(0));
  }, patience);

  it('300 acquisitions in one function, each released before the next', () => {
    const acquire = (i: number) => `  const c${i} = await pool.connect();\n  try {\n    await c${i}.query('x');\n  } finally {\n    c${i}.release();\n  }\n`;
    expect(lintSource(`${head}export async function f() {\n${times(300, acquire)}}\n`, reading)).toEqual(leaks(0));
  }, patience);

  it('150 acquisitions in one function, none released', () => {
    const acquire = (i: number) => `  const c${i} = await pool.connect();\n  await c${i}.query('x');\n`;
    expect(lintSource(`${head}export async function f() {\n${times(150, acquire)}}\n`, reading)).toEqual(leaks(150));
  }, patience);

  // Each class keeps what it is given in places that depend on flags, and gives it on: what is kept apart grows with the power of the depth.
  it('six classes in each other, which keep the client in four fields each', () => {
    const fields = ['a', 'b', 'c', 'd'];
    const part = (i: number) => {
      const keeps = fields.map((field) => `    if (flags.${field}${i}()) this.${field} = options.client;\n`).join('');
      const inner = i < 6 ? `    this.part = new Part${i + 1}(flags, { ...options, a: this.a, b: this.b, c: this.c });\n` : '';
      return `class Part${i} {\n  constructor(flags, options) {\n${keeps}${inner}  }\n}\n`;
    };
    const run = 'export async function run(flags) {\n  const client = await pool.connect();\n  const part = new Part1(flags, { client });\n  part.start();\n  client.release();\n}\n';
    expect(lintSource(head + times(6, (i) => part(i + 1)) + run, reading)).toEqual(leaks(1));
  }, patience);

  it('40 nested try/finally', () => {
    const code = `${'try {\n'.repeat(40)}await client.query('x');\n${times(40, (i) => `} finally {\n  a(${i});\n}\n`)}`;
    const wrap = (inner: string) => `${head}export async function f(a) {\n  const client = await pool.connect();\n${inner}}\n`;
    expect(lintSource(wrap(code), reading)).toEqual(leaks(1));
    expect(lintSource(wrap(`try {\n${code}} finally {\n  client.release();\n}\n`), reading)).toEqual(leaks(0));
  }, patience);

  it('a class with 1,000 methods that share a pool', () => {
    const method = (i: number) => `  async m${i}() {\n    const client = await this.pool.connect();\n    ${i % 4 ? 'client.release();' : "await client.query('x');"}\n    return client === undefined;\n  }\n`;
    expect(lintSource(`${head}export class Repository {\n  pool = pool;\n${times(1000, method)}}\n`, reading)).toEqual(leaks(250));
  }, patience);

  it('1,000 functions that call each other', () => {
    const code = times(1000, (i) => `function f${i}(client) {\n  f${(i * 7 + 1) % 1000}(client);\n  f${(i * 3 + 2) % 1000}(client);\n}\n`);
    const outcome = lintSource(`${head}${code}export async function run() {\n  const client = await pool.connect();\n  try {\n    f0(client);\n  } finally {\n    client.release();\n  }\n}\n`, reading);
    expect(outcome).toEqual(leaks(0));
  }, patience);
});
