/** A program of one file whose pool and a function that lends its connections lie in another one, so that fixes find that function there. */

const POOLS: readonly (readonly [make: RegExp, acquire: string])[] = [[/^new Pool\(/, 'connect'], [/^(?:mysql\.)?createPool\(/, 'getConnection']];

/** The program; undefined for one that makes no pool at its top level, or has something else of the names that are needed. */
export function withLender(source: string): string | undefined {
  const pool = /^const pool = (.*);\n/m.exec(source);
  const acquire = POOLS.find(([make]) => make.test(pool?.[1] ?? ''))?.[1];
  const imports = /^(?:import .*\n)+/.exec(source)?.[0];
  if (pool === null || acquire === undefined || imports === undefined || /^\/\/ @file |\b(?:lend|pool\.(?:on|end))\b/m.test(source)) return undefined;
  const rest = source.replace(pool[0], '').slice(imports.length);
  return [
    '// @file db.ts\n', imports, `export ${pool[0]}`,
    `export async function lend(work) {\n  const lent = await pool.${acquire}();\n  try {\n    return await work(lent);\n  } finally {\n    lent.release();\n  }\n}\n`,
    '// @file main.ts\n', imports, "import { pool } from './db';\n", rest,
  ].join('');
}
