import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import type { BenchFile } from './bench-files.ts';
import type { Step } from './interleave.ts';

const NOTHING = { rules: { nothing: { meta: {}, create: () => ({}) } } } as const;

/** The configuration of a linter whose one rule does nothing: what the plugin is compared with. */
export const IDLE: Linter.Config = { plugins: { idle: NOTHING }, rules: { 'idle/nothing': 'error' } };

/** One step per file: it lints the file, whose text is in memory, and gives the number of reports. */
export function lintEach(files: readonly BenchFile[], preset: Linter.Config): Step[] {
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
