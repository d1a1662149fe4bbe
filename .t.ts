import { readFileSync } from 'node:fs';
import plugin from './rules/index.ts';
import { lintFixture } from './tests/fixture-runner/lint-fixture.ts';
import { parseFixture } from './tests/fixture-runner/parse-fixture.ts';
const p='receivers/by-require.cjs'; const t=readFileSync('tests/fixtures/'+p,'utf8'); const f=parseFixture(p,t);
console.log(lintFixture(f,t,plugin as never).length, f.units.map(u=>[u.name,u.range,u.verdict]));
