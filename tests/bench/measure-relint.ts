/** What the plugin costs an editor: one file is linted again after each keystroke. */
import type { Linter } from 'eslint';
import type { Plugin } from '../../rules/index.ts';
import { writeAcquiringService } from './acquiring-service.ts';
import type { BenchFile } from './bench-files.ts';
import { median } from './interleave.ts';
import { IDLE, lintEach } from './lint-each.ts';

export interface RelintCost {
  readonly subject: string;
  /** Milliseconds of processor time that one more lint takes with the preset beyond those with a rule that does nothing. */
  readonly milliseconds: number;
  /** Milliseconds of the lint with the rule that does nothing. */
  readonly baseline: number;
  readonly ratio: number;
}

const LINES = 1000;

/** Lints a file of 1,000 lines `rounds` times, each time with another edit in it: one in which few functions acquire, and one in which all do. */
export function measureRelint(plugin: Plugin, folder: string, rounds: number): RelintCost[] {
  return [12, Infinity].map((functions) => {
    const text = writeLongFile(functions);
    const acquisitions = text.split('pool.connect()').length - 1;
    const subject = `one edit in a file of ${LINES.toLocaleString('en')} lines with ${String(acquisitions)} acquisitions`;
    const files = Array.from({ length: rounds + WARM_UP }, (_, round): BenchFile => ({
      path: `${folder}/long-service.ts`, text: text.replace("'nothing deleted'", `'nothing deleted ${String(round)}'`), sourceType: 'module', settings: undefined,
    }));
    const idle = lintEach(files, IDLE);
    const preset = lintEach(files, plugin.configs.recommended as unknown as Linter.Config);
    const times = files.map((_, round) => {
      const [first, second] = round % 2 === 0 ? [idle, preset] : [preset, idle];
      const one = timeOf(first![round]!);
      const other = timeOf(second![round]!);
      return round % 2 === 0 ? { idle: one, preset: other } : { idle: other, preset: one };
    }).slice(WARM_UP);
    const baseline = median(times.map((time) => time.idle));
    return { subject, baseline, milliseconds: median(times.map((time) => time.preset - time.idle)), ratio: median(times.map((time) => time.preset / time.idle)) };
  });
}

const WARM_UP = 15;

function timeOf(run: () => number): number {
  const start = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/** A module of `LINES` lines: a service of at most `functions` acquiring methods, and functions beside it that take no connection. */
function writeLongFile(functions: number): string {
  let acquiring = 1;
  const lineCount = (text: string): number => text.split('\n').length;
  while (acquiring < functions && lineCount(writeAcquiringService(acquiring + 1)) <= LINES) acquiring++;
  let text = writeAcquiringService(acquiring);
  for (let index = 0; lineCount(text) + lineCount(plainFunction(index)) <= LINES; index++) text += plainFunction(index);
  return text + '\n'.repeat(LINES - lineCount(text));
}

const plainFunction = (index: number): string => `
export function describe${String(index)}(rows: readonly Row[]): string {
  const names: string[] = [];
  for (const row of rows) {
    if (Number(row.total) > ${String(index)}) names.push(\`\${row.id}: \${row.name.trim()}\`);
    else names.push(row.id);
  }
  return names.length === 0 ? 'none' : names.join(', ');
}
`;
