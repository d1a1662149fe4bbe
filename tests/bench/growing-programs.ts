/** Programs of a size that can be doubled, one for each way in which real code grows. */

export interface GrowingProgram {
  readonly name: string;
  /** The size that is measured, and then doubled. */
  readonly size: number;
  readonly write: (size: number) => string;
}

const HEAD = "import { Pool } from 'pg';\nconst pool = new Pool();\n";

const times = (count: number, text: (index: number) => string): string =>
  Array.from({ length: count }, (_, index) => text(index)).join('');

const inFunction = (body: string): string => `${HEAD}export async function run(a, b) {\n${body}}\n`;

const holding = (body: string): string => inFunction(`  const client = await pool.connect();\n  try {\n${body}  } finally {\n    client.release();\n  }\n`);

export const GROWING_PROGRAMS: readonly GrowingProgram[] = [
  {
    name: 'sequential branches in one function',
    size: 1000,
    write: (size) => holding(times(size, (i) => `    if (a(${String(i)})) {\n      await client.query('select ${String(i)}');\n    }\n`)),
  },
  {
    name: 'branches on a parameter in one function',
    size: 1000,
    write: (size) => holding(times(size, (i) => `    if (a.mode${String(i)} === 'write') {\n      await client.query('select ${String(i)}');\n    }\n`)),
  },
  {
    name: 'nested `try`/`finally`',
    size: 20,
    write: (size) => holding(`${'try {\n'.repeat(size)}await client.query('x');\n${times(size, (i) => `} finally {\n  b(${String(i)});\n}\n`)}`),
  },
  {
    name: '`try`/`finally` nested in the `finally` block',
    size: 20,
    write: (size) => inFunction(`  const client = await pool.connect();\n${times(size, (i) => `  try {\n    b(${String(i)});\n  } finally {\n`)}  client.release();\n${'  }\n'.repeat(size)}`),
  },
  {
    name: 'loops with `try` and flags that are asked at the end, around one client',
    size: 12,
    write: (size) =>
      inFunction(`${times(size, (i) => `  let done${String(i)} = false;\n  let error${String(i)};\n`)}  const client = await pool.connect();\n  try {\n${times(size, (i) => `    for (const row of a.rows${String(i)}) {\n      if (row.skip) continue;\n      try {\n        await client.query('insert ${String(i)}');\n        done${String(i)} = true;\n      } catch (error) {\n        error${String(i)} = error;\n        if (row.fatal) break;\n      }\n    }\n`)}${times(size, (i) => `    if (!done${String(i)} && error${String(i)}) b.fail(error${String(i)});\n`)}  } finally {\n    client.release();\n  }\n`),
  },
  {
    name: 'conditions on options in one function, asked again and again',
    size: 24,
    write: (size) =>
      holding(times(size, (i) => `    if (a.mode${String(i % 8)} === 'a') {\n      await client.query('a ${String(i)}');\n    } else if (a.mode${String(i % 8)} === 'b' && a.dry) {\n      b('${String(i)}');\n    } else {\n      try {\n        await client.query('b ${String(i)}');\n      } catch (error) {\n        if (!a.force${String(i % 5)}) throw error;\n      }\n    }\n`)),
  },
  {
    name: 'acquisitions in one function, each in its own `const`',
    size: 150,
    write: (size) =>
      inFunction(times(size, (i) => `  const c${String(i)} = await pool.connect();\n  try {\n    await c${String(i)}.query('x');\n  } finally {\n    c${String(i)}.release();\n  }\n`)),
  },
  {
    name: 'acquisitions in one function, all in one `let`',
    size: 150,
    write: (size) => inFunction(`  let client;\n${times(size, () => "  client = await pool.connect();\n  try {\n    await client.query('x');\n  } finally {\n    client.release();\n  }\n")}`),
  },
  {
    name: 'acquisitions in one function, between tests',
    size: 150,
    write: (size) => inFunction(times(size, (i) => `  if (a.flag${String(i)}) {\n    const c = await pool.connect();\n    try {\n      await c.query('x');\n    } finally {\n      c.release();\n    }\n  }\n`)),
  },
  {
    name: 'lines of functions that acquire',
    size: 10_000,
    write: (size) =>
      HEAD + times(size / 10, (i) => `export async function f${String(i)}(a) {\n  const client = await pool.connect();\n  try {\n    if (a.empty) return [];\n    const { rows } = await client.query('select ${String(i)}');\n    return rows.map((row) => row.id);\n  } finally {\n    client.release();\n  }\n}\n`),
  },
  {
    name: 'lines of functions, few of which acquire',
    size: 10_000,
    write: (size) =>
      `${HEAD}export async function run() {\n  const client = await pool.connect();\n  client.release();\n}\n${times(size / 10, (i) => `export function f${String(i)}(a, b) {\n  const list = [];\n  for (const one of a) {\n    if (one.kind === 'x') list.push(one.value);\n    else b.note(one);\n  }\n  const total = list.map((value) => value * 2);\n  b.total = total.length;\n  return g(total, b);\n}\n`)}`,
  },
  {
    name: 'methods of one class that acquire',
    size: 500,
    write: (size) =>
      `${HEAD}export class Repository {\n  pool = pool;\n${times(size, (i) => `  async m${String(i)}(id) {\n    const client = await this.pool.connect();\n    try {\n      return await client.query('select ${String(i)}', [id]);\n    } finally {\n      client.release();\n    }\n  }\n`)}}\n`,
  },
];
