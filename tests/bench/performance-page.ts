/** docs/performance.md, written from what was measured. */
import type { RelintCost } from './measure-relint.ts';

/** One measured ratio and what it must not exceed. */
export interface Measurement {
  readonly subject: string;
  readonly ratio: number;
  readonly target: number;
  /** Two measurements of the same thing, as a ratio; only where there is a control. */
  readonly control?: number;
}

export interface Measurements {
  readonly date: string;
  readonly eslint: string;
  readonly node: string;
  readonly rounds: number;
  readonly tolerance: number;
  readonly lint: readonly Measurement[];
  /** What one more lint of a long file costs. */
  readonly relint: readonly RelintCost[];
  readonly growth: readonly Measurement[];
  readonly memory: readonly Measurement[];
}

/** What a lint of a whole repository costs. */
export interface RepositoryMeasurement {
  readonly date: string;
  /** `owner/name`. */
  readonly name: string;
  readonly files: number;
  readonly reports: number;
  readonly rounds: number;
  readonly time: Measurement;
  readonly memory: Measurement;
}

export type Verdict = 'met' | 'missed' | 'unclear';

/** Whether the ratio is within its target, give or take `tolerance`; unclear where the control is further off than that by half again. */
export function judgeMeasurement({ ratio, target, control = 1 }: Measurement, tolerance: number): Verdict {
  if (Math.abs(control - 1) > 1.5 * tolerance && Math.abs(ratio - target) <= Math.abs(control - 1)) return 'unclear';
  return ratio <= target * (1 + tolerance) ? 'met' : 'missed';
}

const VERDICTS: Readonly<Record<Verdict, string>> = { met: 'yes', missed: '**no**', unclear: '**unclear**' };

/** A ratio as people read it: `1.07×`. */
export function printRatio(ratio: number): string {
  return `${ratio.toFixed(2)}×`;
}

/** The text of the page. */
export function writePerformancePage(measured: Measurements): string {
  const verdict = (one: Measurement): string => VERDICTS[judgeMeasurement(one, measured.tolerance)];
  const compared = (one: Measurement): string =>
    `| ${one.subject} | ${printRatio(one.ratio)} | ${one.control === undefined ? '' : printRatio(one.control)} | ${printRatio(one.target)} | ${verdict(one)} |`;
  const growth = measured.growth.map((one) => `| ${one.subject} | ${printRatio(one.ratio)} | ${printRatio(one.target)} | ${verdict(one)} |`);
  return `# Performance

Written by \`npm run bench\` on ${measured.date} (ESLint ${measured.eslint}, Node ${measured.node}); do not edit by hand.
All figures are ratios of medians of ${String(measured.rounds)} interleaved rounds in one process, so they mean the same on a fast machine and on a slow one.
A target counts as missed beyond ${String(Math.round(measured.tolerance * 100))} % above it. Where the control shows more noise than lies between a figure and its target, the verdict is
unclear, and the run fails: repeat it on a quieter machine.

## What the preset adds to a lint

Time of ESLint with the recommended preset, as a multiple of its time with one rule that does nothing. Both read TypeScript with
\`@typescript-eslint/parser\`, without type information; the texts are in memory and the code is warm. The control is a second
linter with the rule that does nothing: as far as it is from ${printRatio(1)}, the figures of its line are noise.

| files | with the preset | control | at most | met |
|---|---|---|---|---|
${measured.lint.map(compared).join('\n')}

A file that names no database library and no pair of names is left after one look at its text. In the others, functions that
acquire nothing and are called by nobody who does are not analysed.

## What it adds in an editor

Processor time of one more lint of a file that is open, after each edit: medians of ${String(4 * measured.rounds)}. Milliseconds are those of the machine; the
lint with a rule that does nothing, most of which is parsing, is the measure.

| | with a rule that does nothing | the preset adds | with the preset |
|---|---|---|---|
${measured.relint.map((one) => `| ${one.subject} | ${one.baseline.toFixed(1)} ms | ${one.milliseconds.toFixed(1)} ms | ${printRatio(one.ratio)} |`).join('\n')}

## How the analysis grows

Time of the analysis alone (without parsing) for twice the size, as a multiple of its time for the size.

| what doubles | time | at most | met |
|---|---|---|---|
${growth.join('\n')}

## What it adds to the memory

The most memory that a process ever has (its resident set) which lints each file once with the preset, as a multiple of that of a process with the
rule that does nothing: medians of processes by turns. The control are more processes with the rule that does nothing.

| files | with the preset | control | at most | met |
|---|---|---|---|---|
${measured.memory.map(compared).join('\n')}

## Repeating it

\`npm run bench\` bundles the working tree, measures, writes this page, and fails when a target is missed.
\`npm run bench -- --no-write\` leaves the page as it is; \`--only lint\`, \`--only relint\`, \`--only growth\` and \`--only memory\` measure one part, without writing;
\`--repository <directory> [--rounds 3]\` measures a checked-out repository and writes its section.
`;
}

const REPOSITORY_HEADING = '## What it adds to the lint of a whole repository';
const LAST_HEADING = '## Repeating it';

/** The section on a whole repository, which `npm run bench -- --repository` writes alone. */
export function describeRepository({ date, name, files, reports, rounds, time, memory }: RepositoryMeasurement, tolerance: number): string {
  const row = (what: string, one: Measurement): string =>
    `| ${what} | ${printRatio(one.ratio)} | ${printRatio(one.control ?? 1)} | ${printRatio(one.target)} | ${VERDICTS[judgeMeasurement(one, tolerance)]} |`;
  return `${REPOSITORY_HEADING}

${name} on ${date}: ${String(files)} files, ${String(reports)} reports. ESLint with the recommended preset, which reads the project for it, as a multiple of ESLint with
one rule that does nothing; each lint is a process of its own that reads and lints every file once. Medians of ${String(rounds)} rounds.

| what | with the preset | control | at most | met |
|---|---|---|---|---|
${row('processor time', time)}
${row('most memory', memory)}

`;
}

/** The page with the section in place of the one it has, if any. */
export function withRepository(page: string, section: string): string {
  return page.replace(repositorySectionOf(page), '').replace(LAST_HEADING, () => `${section}${LAST_HEADING}`);
}

/** The section of a page that was written before; empty where there is none. */
export function repositorySectionOf(page: string): string {
  const start = page.indexOf(REPOSITORY_HEADING);
  return start < 0 ? '' : page.slice(start, page.indexOf(LAST_HEADING, start));
}
