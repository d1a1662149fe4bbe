import { parseForESLint } from '@typescript-eslint/parser';
import { analyseProgram } from './src/index.ts';
import { lowerUnit } from './src/cfg/lower-unit.ts';
const wrap = (s: string) => `import {Pool} from 'pg'; const pool = new Pool(); async function f(a: any,b: any) { const c = await pool.connect(); ${s} c.release(); }`;
for (const n of [16,20,24,28,31,32,36,50]) { const text = wrap('try { a(); } finally {'.repeat(n) + 'a();' + '}'.repeat(n)); const r = parseForESLint(text, { range: true, loc: true, sourceType: 'module' });
 let t = performance.now(); const g = lowerUnit((r.ast.body[2]) as never, 'f', r.visitorKeys as never); const l = performance.now()-t; t = performance.now();
 const a = analyseProgram({ program: r.ast as never, text, scopeManager: r.scopeManager as never, visitorKeys: r.visitorKeys as never }); console.log(n, g.instructions.length, l.toFixed(0), (performance.now()-t).toFixed(0), a.sites.map(s=>s.verdict+s.reason)); }
