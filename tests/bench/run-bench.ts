/**
 * Command line of the benchmark.
 *
 *     npm run bench -- [--only lint|relint|growth|memory] [--rounds 15] [--no-write]
 *     npm run bench -- --repository <directory> [--rounds 3] [--no-write]
 *
 * Prints each ratio as it is measured, writes docs/performance.md, and ends with exit code 1 when a target is missed.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { Linter } from 'eslint';
import { exampleFiles, filesNamingLibraries, filesWithoutDatabase, fixtureFiles, serviceFiles, type BenchFile } from './bench-files.ts';
import { buildSubject } from './build-subject.ts';
import { GROWING_PROGRAMS } from './growing-programs.ts';
import { measureGrowth } from './measure-growth.ts';
import { measureLint } from './measure-lint.ts';
import { measureMemory } from './measure-memory.ts';
import { measureRelint } from './measure-relint.ts';
import { measureRepository } from './measure-repository.ts';
import { describeRepository, judgeMeasurement, printRatio, repositorySectionOf, withRepository, writePerformancePage, type Measurement } from './performance-page.ts';

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
    rounds: { type: 'string' },
    repository: { type: 'string' },
    write: { type: 'boolean', default: true },
  },
  allowNegative: true,
});
const { only, repository } = values;
const rounds = Number(values.rounds ?? (repository === undefined ? 15 : 3));
if (only !== undefined && !['lint', 'relint', 'growth', 'memory'].includes(only)) throw new Error(`--only takes lint, relint, growth or memory, not "${only}"`);
const isWanted = (part: string): boolean => repository === undefined && (only === undefined || only === part);
const PAGE = new URL('../../docs/performance.md', import.meta.url);
const date = new Date().toISOString().slice(0, 10);

const subject = await buildSubject();
const { plugin, analyseProgram } = subject;

const report = (measurement: Measurement): Measurement => {
  const { subject, ratio, target, control } = measurement;
  const noise = control === undefined ? '' : `, control ${control.toFixed(3)}`;
  console.log(`${ratio.toFixed(3)} (at most ${printRatio(target)}${noise})  ${judgeMeasurement(measurement, NOISE_TOLERANCE)}: ${subject}`);
  return measurement;
};

const fileSets: readonly { subject: string; target: number; files: () => BenchFile[] }[] = [
  { subject: 'no database: the sources of ESLint', target: WITHOUT_DATABASE_TARGET, files: filesWithoutDatabase },
  { subject: 'no database, but the names of every library: the sources of this project', target: WITHOUT_DATABASE_TARGET, files: filesNamingLibraries },
  { subject: 'acquisitions: the example service', target: ACQUIRING_TARGET, files: exampleFiles },
  { subject: 'acquisitions: the fixtures', target: ACQUIRING_TARGET, files: fixtureFiles },
  { subject: 'acquisitions: services of 40 acquiring functions', target: ACQUIRING_TARGET, files: serviceFiles },
];

const lint = !isWanted('lint') ? [] : fileSets.map(({ subject, target, files }) => report({ subject, target, ...measureLint(plugin, files(), { rounds, warmUp: 6 }) }));
const relint = !isWanted('relint') ? [] : measureRelint(plugin, fileURLToPath(new URL('../../src', import.meta.url)), 4 * rounds);
for (const cost of relint) console.log(`${cost.ratio.toFixed(3)} (${cost.milliseconds.toFixed(1)} ms more than ${cost.baseline.toFixed(1)} ms): ${cost.subject}`);
const growth = !isWanted('growth') ? [] : GROWING_PROGRAMS.map((program) => {
  const ratio = measureGrowth(analyseProgram, program, { rounds, warmUp: 3 });
  const size = `${program.size.toLocaleString('en')} → ${(2 * program.size).toLocaleString('en')}`;
  return report({ subject: `${program.name} (${size})`, ratio, target: GROWTH_TARGET });
});

const memory = !isWanted('memory') ? [] : [report({
  subject: 'all of these files, one after the other', target: MEMORY_TARGET, ...measureMemory(subject, fileSets.flatMap(({ files }) => files()), MEMORY_ROUNDS),
})];

const whole: Measurement[] = [];
if (repository !== undefined) {
  const directory = resolve(repository);
  const { files, reports, ...cost } = measureRepository(subject, directory, rounds);
  const name = basename(directory).replace('+', '/');
  const time = report({ subject: `${name}, ${String(files)} files: time`, target: ACQUIRING_TARGET, ...cost.time });
  const memory = report({ subject: `${name}, ${String(files)} files: memory`, target: MEMORY_TARGET, ...cost.memory });
  whole.push(time, memory);
  if (values.write) writeFileSync(PAGE, withRepository(readFileSync(PAGE, 'utf8'), describeRepository({ date, name, files, reports, rounds, time, memory }, NOISE_TOLERANCE)));
}

if (values.write && only === undefined && repository === undefined) {
  const page = writePerformancePage({
    date, eslint: Linter.version, node: process.versions.node, rounds, tolerance: NOISE_TOLERANCE, lint, relint, growth, memory,
  });
  writeFileSync(PAGE, withRepository(page, repositorySectionOf(readFileSync(PAGE, 'utf8'))));
}
const missed = [...lint, ...growth, ...memory, ...whole].filter((measurement) => judgeMeasurement(measurement, NOISE_TOLERANCE) !== 'met');
if (missed.length > 0) {
  console.error(`${String(missed.length)} of the targets missed or unclear`);
  process.exitCode = 1;
}
