/** What the recommended preset adds to ESLint's memory. */
import { execFileSync } from 'node:child_process';
import type { BenchFile } from './bench-files.ts';
import type { Subject } from './build-subject.ts';
import { median } from './interleave.ts';
import type { LintCost } from './measure-lint.ts';

/** Lints `files` in processes of their own, by turns with the preset and twice with the rule that does nothing; the ratios are those of the medians. */
export function measureMemory({ childPath, pluginPath }: Subject, files: readonly BenchFile[], rounds: number): LintCost {
  const input = JSON.stringify(files);
  const measure = (plugin: string): number => Number(execFileSync(process.execPath, [childPath, plugin], { input, encoding: 'utf8', maxBuffer: 2 ** 26 }));
  const baseline: number[] = [];
  const control: number[] = [];
  const preset: number[] = [];
  for (let round = 0; round < rounds; round++) {
    baseline.push(measure('nothing'));
    preset.push(measure(pluginPath));
    control.push(measure('nothing'));
  }
  return { ratio: median(preset) / median([...baseline, ...control]), control: median(control) / median(baseline) };
}
