/** What the recommended preset adds to ESLint's own time. */
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import type { Plugin } from '../../rules/index.ts';
import type { BenchFile } from './bench-files.ts';
import { interleave, type InterleaveOptions, type Step } from './interleave.ts';

export interface LintCost {
  /** Time with the preset, as a multiple of ESLint's with one rule that does nothing (the mean of two such linters). */
  readonly ratio: number;
  /** The time of the second of these two as a multiple of the first: as far as it is from 1, the figures are noise. */
  readonly control: number;
}

const NOTHING = { rules: { nothing: { meta: {}, create: () => ({}) } } } as const;

/** Lints all `files` in memory, with the rule that does nothing (twice) and with the preset, by turns. */
export function measureLint(plugin: Plugin, files: readonly BenchFile[], options: InterleaveOptions): LintCost {
  const idle: Linter.Config = { plugins: { idle: NOTHING }, rules: { 'idle/nothing': 'error' } };
  const ratios = interleave(
    {
      baseline: lintEach(files, idle),
      control: lintEach(files, idle),
      preset: lintEach(files, plugin.configs.recommended as unknown as Linter.Config),
    },
    options,
  );
  return { ratio: ratios.preset / ((ratios.baseline + ratios.control) / 2), control: ratios.control };
}

/** One step per file: it lints the file and gives the number of reports. */
function lintEach(files: readonly BenchFile[], preset: Linter.Config): Step[] {
  const linter = new Linter({ configType: 'flat' });
  return files.map(({ path, text, sourceType, settings }) => {
    const config: Linter.Config[] = [
      {
        files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'],
        languageOptions: { parser, sourceType, parserOptions: { ecmaFeatures: { jsx: path.endsWith('x') } } },
        linterOptions: { reportUnusedDisableDirectives: 'off' },
        ...(settings === undefined ? {} : { settings: { 'connection-leaks': settings } }),
      },
      preset,
    ];
    return () => {
      const messages = linter.verify(text, config, { filename: path });
      const broken = messages.find((message) => message.fatal === true);
      if (broken !== undefined) throw new Error(`${path}: ${broken.message}`);
      return messages.length;
    };
  });
}
