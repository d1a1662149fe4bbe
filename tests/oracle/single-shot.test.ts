/** Generated programs hardly ever do one thing with a fresh connection: here are all small ones that do, and some that nearly do. */
import { describe, expect, it } from 'vitest';
import { compareFixes } from './compare-fixes.ts';
import { analyseByEngine } from './engine-judge.ts';
import { mysqlMain, pgMain } from './truth-of.ts';

const BEFORE = ['', 'step(1);', 'if (cond(2)) return 0;'];
const BETWEEN = ['', 'step(3);', 'const text = [4];', 'if (cond(5)) return 1;'];
const QUERIES = [`await c.query('q6');`, `const r = await c.query('q6');`, `const { rows } = await c.query('q6', [7]);`, `if ((await c.query('q6')).rows.length > 0) step(8);`, `await c.query(value(9));`, `await c.query('q6'); await c.query('q10');`];
const AFTER = ['c.release();', 'step(11); c.release();', 'c.release(); await work(12);', 'if (cond(13)) { c.release(); return 2; } c.release();', 'if (cond(14)) c.release();', ''];
const AROUND = [(body: string) => body, (body: string) => `try { ${body} } catch (error) { step(15); } return 3;`, (body: string) => `for (const item of items(16)) { ${body} }`];

const bodies = AROUND.flatMap((around) => BEFORE.flatMap((before) => BETWEEN.flatMap((between) => QUERIES.flatMap((query) => AFTER.map((after) => ({ around, before, between, query, after }))))));

describe.each([
  ['pg', pgMain, 'connect'],
  ['mysql2', mysqlMain, 'getConnection'],
])('%s', (_name, main, acquire) => {
  it('no small program is broken', async () => {
    const forms = new Map<string, number>();
    // Every fifth of all combinations, another one for each library.
    for (let index = acquire.length % 5; index < bodies.length; index += 5) {
      const { around, before, between, query, after } = bodies[index]!;
      // Only a function that takes a connection is executed: this one takes another as well.
      const source = main(`  const k = await pool.${acquire}();\n  k.release();\n` + around(`${before}\n  const c = await pool.${acquire}();\n  ${between}\n  ${query}\n  ${after}`));
      const { broken, fixes } = await compareFixes(source, analyseByEngine(source), 200);
      for (const { plan } of fixes) forms.set(plan.form, (forms.get(plan.form) ?? 0) + 1);
      expect(broken.map(({ difference, fix }) => `${difference}\n${source}\n${fix.source}`)).toEqual([]);
    }
    expect(forms.get('single shot')).toBeGreaterThan(15);
    expect(forms.get('try/finally')).toBeGreaterThan(100);
  }, 60_000);
});
