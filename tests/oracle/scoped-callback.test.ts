/** Generated programs hardly ever use a transaction in a way that a callback could take over: here are all small ones that do, and some that nearly do. */
import { describe, expect, it } from 'vitest';
import { compareFixes } from './compare-fixes.ts';
import { analyseByEngine } from './engine-judge.ts';

const FIRST = ['', 'step(1);', 'if (cond(2)) return 0;', `await t.raw('q3');`, `const a = await k.raw('q3');`, 'if (cond(2)) { step(1); continue; }'];
const WORK = [
  `await t.raw('q4');`,
  `const r = await t.raw('q4'); step(5);`,
  `if (cond(6)) { await t.raw('q7'); await t.commit(); return 1; } await t.raw('q4');`,
  `if (cond(6)) { await t.rollback(); throw new Error('no'); } await t.raw('q4');`,
  `if (cond(6)) { await t.rollback(); return 2; } await t.raw('q4');`,
  `for (const item of items(8)) { if (cond(9)) continue; await t.raw('q4'); }`,
  `const p = slow(); await t.raw('q4');`,
  `const r = await t.raw('q4'); if (cond(6)) return r;`,
  `try { await t.raw('q4'); } catch (error) { step(11); }`,
  `let n = 0; await t.raw('q4'); n++;`,
];
const LAST = [
  'await t.commit();',
  'await t.commit(); return 3;',
  'await t.commit(); step(12);',
  'await t.commit(); await work(12); return 4;',
  'await t.commit(); return typeof r;',
  'await t.commit(); return { n };',
  'await t.commit(); return p;',
  'await t.commit(); step(r.rows.length); await p;',
  'if (cond(13)) await t.commit();',
  'if (cond(13)) { step(15); await t.commit(); }',
  'if (cond(13)) { await t.commit(); } else { await t.commit(); }',
  'try { await t.commit(); } catch (error) { step(14); }',
];

type Shape = (first: string, work: string, last: string) => string;
const TAKE = 'const t = await k.transaction();';
const SHAPES: Readonly<Record<string, Shape>> = {
  straight: (first, work, last) => `${TAKE}\n${first}\n${work}\n${last}`,
  'in a try': (first, work, last) => `try {\n${TAKE}\n${first}\n${work}\n${last}\n} catch (error) { step(20); throw error; } finally { step(21); }`,
  'in a loop': (first, work, last) => `for (const one of items(22)) {\n${TAKE}\n${first}\n${work}\n${last}\n}\nreturn 9;`,
  'rolls back and throws': (first, work, last) => `${TAKE}\n${first}\ntry {\n${work}\n${last}\n} catch (error) {\nawait t.rollback();\nthrow error;\n}`,
  'rolls back and goes on': (first, work, last) => `${TAKE}\n${first}\ntry {\n${work}\n${last}\n} catch (error) {\nstep(23);\nawait t.rollback();\n}\nstep(24);`,
  'does not roll back': (first, work, last) => `${TAKE}\n${first}\ntry {\n${work}\n${last}\n} catch (error) {\nstep(23);\n}\nreturn 8;`,
  'declared before': (first, work, last) => `let t;\ntry {\nt = await k.transaction();\n${first}\n${work}\n${last}\n} catch (error) {\nif (t) await t.rollback();\nthrow error;\n}`,
};

const program = (body: string): string => `import createKnex from 'knex'; const k = createKnex({});\nexport async function main() {\n  const other = await k.transaction();\n  await other.commit();\n${body}\n}\nasync function slow() {\n  await work(30);\n}\n`;

describe.each(Object.entries(SHAPES))('%s', (name, shape) => {
  it('no small program is broken', async () => {
    let fixes = 0;
    // Every third of all combinations, another one for each shape.
    let index = name.length;
    for (const first of FIRST) {
      for (const work of WORK) {
        for (const last of LAST) {
          if (index++ % 3 !== 0 && process.env.ALL_COMBINATIONS !== '1') continue;
          if (first.includes('continue') && name !== 'in a loop') continue;
          const source = program(shape(first, work, last));
          const { broken, fixes: made } = await compareFixes(source, analyseByEngine(source), 60);
          fixes += made.length;
          expect(broken.map(({ difference, fix, choices }) => `${fix.plan.safety}: ${difference}\n${choices.map(({ key, option }) => `${key}=${String(option)}`).join(' ')}\n${source}\n${fix.source}`)).toEqual([]);
        }
      }
    }
    expect(fixes).toBeGreaterThan(20);
  }, 120_000);
});

const LENT_WORK = [
  `await t.query('q4'); await t.query('q5');`,
  `const r = await t.query('q4'); if (cond(6)) { t.release(); return 1; } await t.query('q5');`,
  `const r = await t.query('q4'); if (cond(6)) return 2; step(7);`,
  `for (const item of items(8)) { if (cond(9)) continue; await t.query('q4'); }`,
  `const p = slow(); await t.query('q4');`,
  `let n = 0; await t.query('q4'); n++;`,
  `if (cond(6)) { t.release(); throw new Error('no'); } await t.query('q4');`,
];
const LENT_LAST = ['t.release();', 't.release(); return 3;', 't.release(); step(12);', 't.release(); await work(12); return 4;', 't.release(); return typeof r;', 't.release(); return { n };', 't.release(); step(r.rows.length); await p;', ''];
const LENT_SHAPES: Readonly<Record<string, (work: string, last: string) => string>> = {
  straight: (work, last) => `const t = await pool.connect();\n${work}\n${last}`,
  'released in finally': (work, last) => `const t = await pool.connect();\nif (cond(2)) return 0;\ntry {\n${work}\n${last.replace('t.release();', '')}\n} finally {\nt.release();\n}`,
  'in a try': (work, last) => `try {\nconst t = await pool.connect();\n${work}\n${last}\n} catch (error) { step(20); } finally { step(21); }`,
  'in a loop': (work, last) => `for (const one of items(22)) {\nconst t = await pool.connect();\n${work}\n${last}\n}\nreturn 9;`,
};
const lentProgram = (body: string): string => `import { Pool } from 'pg'; const pool = new Pool();
async function withClient(fn) {\n  const lent = await pool.connect();\n  try {\n    return await fn(lent);\n  } finally {\n    lent.release();\n  }\n}
export async function main() {\n  const other = await pool.connect();\n  other.release();\n${body}\n}\nasync function slow() {\n  await work(30);\n}\n`;

describe.each(Object.entries(LENT_SHAPES))('a function of the file: %s', (_name, shape) => {
  it('no small program is broken', async () => {
    let fixes = 0;
    for (const work of LENT_WORK) {
      for (const last of LENT_LAST) {
        const source = lentProgram(shape(work, last));
        const { broken, fixes: made } = await compareFixes(source, analyseByEngine(source), 60);
        fixes += made.filter(({ plan }) => plan.form === 'scoped callback').length;
        expect(broken.map(({ difference, fix, choices }) => `${fix.plan.safety}: ${difference}\n${choices.map(({ key, option }) => `${key}=${String(option)}`).join(' ')}\n${source}\n${fix.source}`)).toEqual([]);
      }
    }
    expect(fixes).toBeGreaterThan(10);
  }, 120_000);
});
