/**
 * Command line of the proof of the fixes.
 *
 *     npm run oracle:fixes -- --programs 2000 [--seed 1] [--family core] [--lender] [--style await-using]
 *
 * `--style`: only fixes of this style, which has to be asked for.
 * `--lender`: with the pool in another file, beside a function that lends its connections.
 *
 * `--known N`: how many broken ones are known to remain at this size, over all families (CI); the default is none.
 *
 * Generates programs, applies every fix and suggestion that the engine offers, and compares all executions before and after. Exit code 1 when more than that are broken.
 */
import { parseArgs } from 'node:util';
import type { FixStyle } from '../../src/fixes/fix-style.ts';
import { compareFixes } from './compare-fixes.ts';
import { analyseByEngine } from './engine-judge.ts';
import { withLender } from './with-lender.ts';
import { FAMILIES, generateProgram } from './generator/generate-program.ts';

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    family: { type: 'string', default: 'all' },
    only: { type: 'string' },
    style: { type: 'string' },
    lender: { type: 'boolean', default: false },
    executions: { type: 'string', default: '300' },
    show: { type: 'string', default: '3' },
    known: { type: 'string', default: '0' },
  },
});

const style = values.style === undefined ? undefined : [values.style as FixStyle];
const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Number(values.seed);
let allBroken = 0;
for (const family of values.family === 'all' ? Object.keys(FAMILIES) : [values.family]) {
  const started = performance.now();
  const counts = new Map<string, number>();
  const count = (name: string): void => void counts.set(name, (counts.get(name) ?? 0) + 1);
  const first = values.only === undefined ? 0 : Number(values.only);
  const last = values.only === undefined ? Number(values.programs) : first + 1;
  let executions = 0;
  let broken = 0;
  for (let index = first; index < last; index++) {
    const generated = generateProgram(seed, index, family).source;
    const source = values.lender ? withLender(generated) : generated;
    if (source === undefined) continue;
    const comparison = await compareFixes(source, analyseByEngine(source, style), Number(values.executions));
    executions += comparison.executions;
    for (const { plan } of comparison.fixes) count(`${plan.form}, ${plan.safety}`);
    for (const reason of comparison.blocked) count(`blocked: ${reason}`);
    for (const { fix, difference, entry, choices } of comparison.broken) {
      broken++;
      if (++allBroken > Number(values.known)) process.exitCode = 1;
      console.log(`BROKEN: program ${index} of seed ${seed}, family ${family}: ${fix.plan.form}, ${fix.plan.safety}: ${entry} ${difference}`);
      if (broken <= Number(values.show)) {
        console.log(choices.map(({ key, option }) => `${key}=${option}`).join(' '));
        console.log(`--- before\n${source}\n--- after\n${fix.source}`);
      }
    }
  }
  console.log(`seed ${seed}, family ${family}: ${last - first} programs in ${((performance.now() - started) / 1000).toFixed(1)} s, ${executions} executions compared, ${broken} broken`);
  for (const [name, number] of [...counts].sort((a, b) => b[1] - a[1])) console.log(`  ${number} ${name}`);
}
