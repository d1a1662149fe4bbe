/**
 * Command line of the execution oracle.
 *
 *     npm run oracle -- --programs 20000 --seed 1 [--family continuations] [--report]
 *
 * `--family core|continuations|modules` generates that family alone; the default is all of them, that many programs of each.
 * `--known N` is how many disagreements are known to remain at this size (CI); the default is none, and it is to go back to none.
 * `--report` prints the coverage of every construct. `--only N` runs program N alone (with `--family`) and prints it. `--judge NAME` puts one
 * of the stub judges on trial instead of the engine. `--minimise N` limits the number of disagreements that are shrunk.
 * Exit code 1 on any disagreement, on a construct that no program contains, on a program that cannot be
 * executed, and when 1 % of the sites or more have no verdict.
 */
import { parseArgs } from 'node:util';
import { judgeByEngine } from './engine-judge.ts';
import { writeFoundFixture, printFoundFixture } from './found-fixture.ts';
import { FAMILIES, generateProgram } from './generator/generate-program.ts';
import type { Judge } from './judge.ts';
import { runOracle, type OracleReport } from './oracle-run.ts';
import { STUB_JUDGES } from './stub-judges.ts';

/** Below this number of programs a rare construct may be missing by chance. */
const PROGRAMS_FOR_COVERAGE = 2000;
const MAX_UNKNOWN_SHARE = 0.01;

const { values } = parseArgs({
  options: {
    programs: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    family: { type: 'string', default: 'all' },
    judge: { type: 'string', default: 'engine' },
    only: { type: 'string' },
    known: { type: 'string', default: '0' },
    minimise: { type: 'string', default: '5' },
    report: { type: 'boolean', default: false },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});

/** A count from the command line; anything else is an error that names the option. */
function countOption(name: string, text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`--${name} takes a whole number, not "${text}"`);
  return value;
}

function findJudge(name: string): Judge {
  if (name === 'engine') return judgeByEngine;
  const stub = STUB_JUDGES[name];
  if (!stub) throw new Error(`unknown judge ${name}; known: engine, ${Object.keys(STUB_JUDGES).join(', ')}`);
  return stub;
}

const share = (part: number, whole: number): string => (whole === 0 ? '-' : `${((100 * part) / whole).toFixed(2)} %`);

function printReport(report: OracleReport, seconds: number, withCoverage: boolean): void {
  const unknownSites = [...report.unknown.values()].reduce((sum, count) => sum + count, 0);
  const lines = [
    `seed ${report.seed}, family ${report.family}: ${report.programs} programs in ${seconds.toFixed(1)} s (${Math.round(report.programs / seconds)} per second)`,
    `executions         ${report.executions} (exhaustive for ${share(report.exhaustive, report.programs)} of the programs)`,
    `acquisition sites  ${report.sites}: ${report.leaks} leak, ${report.safe} safe`,
    `double releases    ${report.doubleReleases}`,
    `uses after release ${report.usesAfterRelease}`,
    `doubtful events    ${report.doubtful} (outside the conventions; either answer is accepted)`,
    `unknown            ${unknownSites} (${share(unknownSites, report.sites)})`,
    ...[...report.unknown].sort((a, b) => b[1] - a[1]).map(([reason, count]) => `  ${count} ${reason}`),
    `disagreements      ${report.disagreements.length}`,
  ];
  const kinds = new Map<string, number>();
  for (const { disagreement } of report.disagreements) kinds.set(disagreement.kind, (kinds.get(disagreement.kind) ?? 0) + 1);
  for (const [kind, count] of kinds) lines.push(`  ${count} ${kind}`);
  if (withCoverage) {
    lines.push('constructs (programs that contain each)');
    for (const [name, count] of [...report.constructs].sort((a, b) => b[1] - a[1])) lines.push(`  ${String(count).padStart(6)} ${name}`);
  }
  console.log(lines.join('\n'));
}

const seed = values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : countOption('seed', values.seed);
const judge = findJudge(values.judge);
const families = values.family === 'all' ? Object.keys(FAMILIES) : [values.family];
const first = values.only === undefined ? 0 : countOption('only', values.only);
const programs = values.only === undefined ? countOption('programs', values.programs) : 1;
const known = countOption('known', values.known);
const maxMinimised = countOption('minimise', values.minimise);
console.log(`seed ${seed}`);

/** Runs one family and prints what was found; false when something is wrong that was not known. */
async function runFamily(family: string): Promise<boolean> {
  if (values.only !== undefined) console.log(generateProgram(seed, first, family).source);
  const started = performance.now();
  const report = await runOracle({ seed, programs, first, family, judge, maxMinimised });
  printReport(report, (performance.now() - started) / 1000, values.report);

  for (const found of report.disagreements) {
    if (!found.minimised) {
      console.log(`not shrunk: ${found.disagreement.kind} in program ${found.index} (--family ${family} --seed ${seed} --only ${found.index})`);
      continue;
    }
    const place = values.write && values.judge === 'engine' ? writeFoundFixture(found, seed) : `program ${found.index}`;
    console.log(`\n${place}\n${printFoundFixture(found, seed)}`);
  }
  for (const { index, message } of report.failures) console.log(`program ${index} cannot be executed: ${message}`);

  const missing = report.programs >= PROGRAMS_FOR_COVERAGE ? [...report.constructs].filter(([, count]) => count === 0).map(([name]) => name) : [];
  if (missing.length > 0) console.log(`no program contains: ${missing.join(', ')}`);
  const unknownSites = [...report.unknown.values()].reduce((sum, count) => sum + count, 0);
  const hasTooManyUnknown = unknownSites >= MAX_UNKNOWN_SHARE * report.sites && unknownSites > 0;
  if (hasTooManyUnknown) console.log('too many sites without a verdict');
  return report.disagreements.length <= known && report.failures.length === 0 && missing.length === 0 && !hasTooManyUnknown;
}

for (const family of families) {
  if (!(await runFamily(family))) process.exitCode = 1;
}
