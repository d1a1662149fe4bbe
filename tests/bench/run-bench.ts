/**
 * Command line of the benchmark.
 *
 *     npm run bench -- [--only lint|growth|memory] [--rounds 15] [--no-write]
 *
 * Prints each ratio as it is measured, writes docs/performance.md, and ends with exit code 1 when a target is missed.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { Linter } from 'eslint';
import { exampleFiles, filesWithoutDatabase, fixtureFiles, serviceFiles, type BenchFile } from './bench-files.ts';
import { buildSubject } from './build-subject.ts';
import { GROWING_PROGRAMS } from './growing-programs.ts';
import { measureGrowth } from './measure-growth.ts';
import { measureLint } from './measure-lint.ts';
import { measureMemory } from './measure-memory.ts';
import { judgeMeasurement, printRatio, writePerformancePage, type Measurement } from './performance-page.ts';

/** What a ratio may be above its target: two medians of the same work differ by so much on a quiet machine. */
const NOISE_TOLERANCE = 0.02;
const WITHOUT_DATABASE_TARGET = 1.03;
const ACQUIRING_TARGET = 1.1;
/** Twice, and room for what grows with the logarithm. */
const GROWTH_TARGET = 2.3;
const MEMORY_TARGET = 1.15;
/** Processes of each kind. */
const MEMORY_ROUNDS = 5;

const { values } = parseArgs({
  options: {
    only: { type: 'string' },
    rounds: { type: 'string', default: '15' },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const rounds = Number(values.rounds);
const { only } = values;
if (only !== undefined && !['lint', 'growth', 'memory'].includes(only)) throw new Error(`--only takes lint, growth or memory, not "${only}"`);
const isWanted = (part: string): boolean => only === undefined || only === part;

const subject = await buildSubject();
const { plugin, analyseProgram } = subject;

const report = (measurement: Measurement): Measurement => {
  const { subject, ratio, target, control } = measurement;
  const noise = control === undefined ? '' : `, control ${control.toFixed(3)}`;
  console.log(`${ratio.toFixed(3)} (at most ${printRatio(target)}${noise})  ${judgeMeasurement(measurement, NOISE_TOLERANCE)}: ${subject}`);
  return measurement;
};

const fileSets: readonly { subject: string; target: number; files: () => BenchFile[] }[] = [
  { subject: 'no database: the sources of this project', target: WITHOUT_DATABASE_TARGET, files: filesWithoutDatabase },
  { subject: 'acquisitions: the example service', target: ACQUIRING_TARGET, files: exampleFiles },
  { subject: 'acquisitions: the fixtures', target: ACQUIRING_TARGET, files: fixtureFiles },
  { subject: 'acquisitions: services of 40 acquiring functions', target: ACQUIRING_TARGET, files: serviceFiles },
];

const lint = !isWanted('lint') ? [] : fileSets.map(({ subject, target, files }) => report({ subject, target, ...measureLint(plugin, files(), { rounds, warmUp: 6 }) }));
const growth = !isWanted('growth') ? [] : GROWING_PROGRAMS.map((program) => {
  const ratio = measureGrowth(analyseProgram, program, { rounds, warmUp: 3 });
  const size = `${program.size.toLocaleString('en')} → ${(2 * program.size).toLocaleString('en')}`;
  return report({ subject: `${program.name} (${size})`, ratio, target: GROWTH_TARGET });
});

const memory = !isWanted('memory') ? [] : [report({
  subject: 'all of these files, one after the other', target: MEMORY_TARGET, ...measureMemory(subject, fileSets.flatMap(({ files }) => files()), MEMORY_ROUNDS),
})];

if (values.write && only === undefined) {
  const page = writePerformancePage({
    date: new Date().toISOString().slice(0, 10), eslint: Linter.version, node: process.versions.node, rounds, tolerance: NOISE_TOLERANCE, lint, growth, memory,
  });
  writeFileSync(new URL('../../docs/performance.md', import.meta.url), page);
}
const missed = [...lint, ...growth, ...memory].filter((measurement) => judgeMeasurement(measurement, NOISE_TOLERANCE) !== 'met');
if (missed.length > 0) {
  console.error(`${String(missed.length)} of the targets missed or unclear`);
  process.exitCode = 1;
}
