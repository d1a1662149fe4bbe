import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import { analyseProgram } from '/work/wt-fixes/src/index.ts';
import { applyEdits } from '/work/wt-fixes/src/fixes/edit-plan.ts';
import { findFixtures, fixturesFolder } from '/work/wt-fixes/tests/fixture-runner/find-fixtures.ts';
import { parseFixture, sourceTypeOf } from '/work/wt-fixes/tests/fixture-runner/parse-fixture.ts';
import { projectOfFixture } from '/work/wt-fixes/tests/fixture-runner/place-fixture.ts';
import { readSettings } from '/work/wt-fixes/src/rule/settings.ts';
const args = process.argv.slice(2);
const show = args.includes('--show'); const why = args.find(a=>a.startsWith('--why='))?.slice(6);
const wanted = args.filter(a=>!a.startsWith('--'));
const counts = new Map<string, number>(); let leaks=0;
for (const path of findFixtures()) {
  if (wanted.length && !wanted.some(w=>path.includes(w))) continue;
  const text = readFileSync(join(fixturesFolder, path),'utf8');
  const fixture = parseFixture(path, text);
  const { ast, scopeManager, visitorKeys } = parser.parseForESLint(text, { range: true, loc: true, comment: true, sourceType: sourceTypeOf(path), ecmaFeatures: { jsx: /x$/.test(path) }, jsDocParsingMode: 'none' });
  const { pairs } = readSettings(fixture.settings === undefined ? {} : { 'connection-leaks': fixture.settings });
  const place = projectOfFixture(path);
  const a = analyseProgram({ program: ast, text, scopeManager: scopeManager as never, visitorKeys, pairs, place });
  for (const f of a.findings) {
    if (f.kind !== 'leak') continue;
    leaks++;
    const answers = a.fixesOf(f);
    const key = answers.map(x => x.kind === 'edits' ? x.form + ' ' + x.safety : x.form + ' BLOCKED ' + x.reason).join('; ');
    const best = answers.some(x=>x.kind==='edits'&&x.safety==='automatic')?'automatic':answers.some(x=>x.kind==='edits')?'suggestion':key;
    counts.set(best, (counts.get(best)??0)+1);
    if (show || (why && key.includes(why))) {
      const line = text.slice(0,f.node.range[0]).split('\n').length;
      console.log(`==== ${path}:${line} ${key}`);
      for (const x of answers) if (x.kind==='edits') {
        const out = applyEdits(text, x.edits);
        const s = text.lastIndexOf('\n', x.edits[0]!.range[0]-120)+1; const tail = text.length - x.edits.at(-1)!.range[1];
        console.log(out.slice(s, out.length - tail + 60));
      } else { const u = text.slice(text.lastIndexOf('\n', f.node.range[0]-40)+1, f.node.range[1]+500); if (why) console.log(u); }
    }
  }
}
console.log(leaks, [...counts].sort((a,b)=>b[1]-a[1]).map(([k,v])=>`${v} ${k}`).join('\n'));
