/**
 * A process of its own that lints a directory as ESLint's command line does. Prints what that took, as JSON.
 *
 *     node lint-repository-in-child.js <directory> <plugin | nothing>
 */
import * as parser from '@typescript-eslint/parser';
import { ESLint, type Linter } from 'eslint';
import type { Plugin } from '../../rules/index.ts';
import { IDLE } from './lint-each.ts';

/** What one lint of a directory took. */
export interface RepositoryLint {
  readonly files: number;
  readonly reports: number;
  /** Time of the processor, in milliseconds. */
  readonly time: number;
  /** The most memory that the process ever had, in kilobytes. */
  readonly memory: number;
}

const [, , directory = '.', plugin = 'nothing'] = process.argv;
const { configs } = plugin === 'nothing' ? { configs: undefined } : ((await import(plugin)) as { default: Plugin }).default;
const eslint = new ESLint({
  cwd: directory,
  overrideConfigFile: true,
  allowInlineConfig: false,
  errorOnUnmatchedPattern: false,
  overrideConfig: [
    { files: ['**/*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}'], languageOptions: { parser, parserOptions: { ecmaFeatures: { jsx: true } } }, linterOptions: { reportUnusedDisableDirectives: 'off' } },
    { files: ['**/*.{ts,mts,cts}'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: false } } } },
    { ignores: ['**/*.d.ts', '**/*.min.js', '**/dist/', '**/coverage/'] },
    (configs?.recommended as unknown as Linter.Config | undefined) ?? IDLE,
  ],
});
const before = process.cpuUsage();
const results = await eslint.lintFiles(['.']);
const { user, system } = process.cpuUsage(before);
const lint: RepositoryLint = {
  files: results.length,
  reports: results.reduce((sum, { messages }) => sum + messages.filter(({ fatal }) => fatal !== true).length, 0),
  time: (user + system) / 1000,
  memory: process.resourceUsage().maxRSS,
};
console.log(JSON.stringify(lint));
