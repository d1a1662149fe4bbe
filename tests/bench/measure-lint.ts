/** What the recommended preset adds to ESLint's own time. */
import type { Linter } from 'eslint';
import type { Plugin } from '../../rules/index.ts';
import type { BenchFile } from './bench-files.ts';
import { interleave, type InterleaveOptions } from './interleave.ts';
import { IDLE, lintEach } from './lint-each.ts';

export interface LintCost {
  /** Time with the preset, as a multiple of ESLint's with one rule that does nothing (the mean of two such linters). */
  readonly ratio: number;
  /** The time of the second of these two as a multiple of the first: as far as it is from 1, the figures are noise. */
  readonly control: number;
}

/** Lints all `files` in memory, with the rule that does nothing (twice) and with the preset, by turns. */
export function measureLint(plugin: Plugin, files: readonly BenchFile[], options: InterleaveOptions): LintCost {
  const ratios = interleave(
    {
      baseline: lintEach(files, IDLE),
      control: lintEach(files, IDLE),
      preset: lintEach(files, plugin.configs.recommended as unknown as Linter.Config),
    },
    options,
  );
  return { ratio: ratios.preset / ((ratios.baseline + ratios.control) / 2), control: ratios.control };
}
