/** Lints the folder of all fixtures with a linter as it is installed there, by its command line. */
import { execFile } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import type { ESLint } from 'eslint';
import type { FixtureGroup } from './fixture-workspace.ts';

/** One report. Two linters that report the same have equal ones. */
export interface LintReport {
  /** Below the folder, with `/`. */
  readonly file: string;
  readonly rule: string;
  readonly line: number;
  readonly column: number;
  readonly message: string;
  /** What ESLint offers as edits, as text; undefined where the linter does not print it. */
  readonly edits: string | undefined;
}

/** Which configuration ESLint is given. */
export interface EslintChoice {
  /** `eslintrc`: the one that ESLint 8 has besides. */
  readonly config: 'flat' | 'eslintrc';
  /** False: ESLint's own parser, which reads JavaScript only. */
  readonly typescript: boolean;
  /** The program that runs ESLint, with its first arguments; absent: Node with what is in `node_modules`. */
  readonly runner?: readonly string[];
  /** What is linted, below the folder; absent: all of it. */
  readonly path?: string;
}

const FLAT_CONFIG = (typescript: boolean): string => `
import { readFileSync } from 'node:fs';
import connectionLeaks from 'eslint-plugin-connection-leaks';
${typescript ? "import * as parser from '@typescript-eslint/parser';" : ''}

const groups = JSON.parse(readFileSync(new URL('./groups.json', import.meta.url), 'utf8'));
export default [
  { files: ['**/*.${typescript ? '{js,jsx,mjs,cjs,ts,tsx,mts,cts}' : '{js,jsx,mjs,cjs}'}'], languageOptions: { ${typescript ? 'parser, ' : ''}ecmaVersion: 'latest', parserOptions: { ecmaFeatures: { jsx: true } } } },
  { files: ['**/*.{cjs,cts}'], languageOptions: { sourceType: 'commonjs' } },
  // A type assertion in angle brackets is JSX where both may stand.
  { files: ['**/*.{ts,mts,cts}'], languageOptions: { parserOptions: { ecmaFeatures: { jsx: false } } } },
  { linterOptions: { reportUnusedDisableDirectives: 'off' } },
  connectionLeaks.configs.recommended,
  ...groups.map(({ folders, settings }) => ({ files: folders.map((folder) => folder + '/**'), settings: { 'connection-leaks': settings } })),
];
`;

/** Runs ESLint in `folder`, which has it and the plugin installed. Throws what it says when it could not lint. */
export async function lintWithEslint(folder: string, groups: readonly FixtureGroup[], choice: EslintChoice): Promise<LintReport[]> {
  const { runner = [process.execPath, join(folder, 'node_modules/eslint/bin/eslint.js')], path = '.' } = choice;
  const named = groups.filter(({ settings }) => settings !== undefined);
  const args = ['--format', 'json'];
  if (choice.config === 'flat') {
    writeFileSync(join(folder, 'groups.json'), JSON.stringify(named));
    writeFileSync(join(folder, 'eslint.config.mjs'), FLAT_CONFIG(choice.typescript));
    // Named: ESLint 10 takes the nearest, and what is linted may have one.
    args.push('--config', 'eslint.config.mjs', path);
  } else {
    writeFileSync(join(folder, '.eslintrc.json'), JSON.stringify(eslintrcOf(named)));
    args.push('--ext', '.js,.jsx,.mjs,.cjs,.ts,.tsx,.mts,.cts', path);
  }
  const output = await run([...runner, ...args], folder, { ESLINT_USE_FLAT_CONFIG: String(choice.config === 'flat') });
  const results = JSON.parse(output) as ESLint.LintResult[];
  // A comment of the file may name rules of other plugins, which nobody has here.
  return results.flatMap(({ filePath, messages }) => messages.filter(({ fatal, ruleId }) => fatal === true || ruleId?.startsWith('connection-leaks/') === true).map(({ ruleId, message, line, column, endLine, endColumn, fix, suggestions }) => ({
    file: relative(folder, filePath).replaceAll('\\', '/'),
    rule: ruleId ?? 'no rule',
    line,
    column,
    message,
    edits: JSON.stringify([endLine, endColumn, fix, suggestions?.map((suggestion) => [suggestion.desc, suggestion.fix])]),
  })));
}

function eslintrcOf(groups: readonly FixtureGroup[]): object {
  return {
    root: true,
    extends: ['plugin:connection-leaks/legacy-recommended'],
    parser: '@typescript-eslint/parser',
    parserOptions: { ecmaVersion: 'latest', sourceType: 'module' },
    overrides: [
      { files: ['*.cjs', '*.cts'], parserOptions: { sourceType: 'commonjs' } },
      { files: ['*.js', '*.jsx', '*.mjs', '*.cjs', '*.tsx'], parserOptions: { ecmaFeatures: { jsx: true } } },
      ...groups.map(({ folders, settings }) => ({ files: folders.map((folder) => `${folder}/**`), settings: { 'connection-leaks': settings } })),
    ],
  };
}

/** What a user's configuration of oxlint extends. */
export const OXLINT_CONFIG = './node_modules/eslint-plugin-connection-leaks/oxlintrc.json';

interface OxlintDiagnostic {
  readonly filename: string;
  readonly code?: string;
  readonly message: string;
  readonly labels: readonly { readonly span: { readonly offset: number } }[];
}

/** Runs oxlint in `folder` with the configuration that the package has for it, once for each group: its settings are for all files. */
export async function lintWithOxlint(folder: string, groups: readonly FixtureGroup[], command = join(folder, 'node_modules/oxlint/bin/oxlint')): Promise<LintReport[]> {
  const reports: LintReport[] = [];
  for (const [index, { folders, settings }] of groups.entries()) {
    const file = `oxlint-${String(index)}.json`;
    writeFileSync(join(folder, file), JSON.stringify({
      extends: [OXLINT_CONFIG],
      // Only the rules of this plugin: oxlint's own have something to say about fixtures as well.
      categories: { correctness: 'off' },
      ...(settings && { settings: { 'connection-leaks': settings } }),
    }));
    const output = await run([process.execPath, command, '--format', 'json', '--no-ignore', '--disable-nested-config', '-c', file, ...folders], folder);
    reports.push(...readOxlintReport(output, folder));
  }
  return reports;
}

/** The reports in what oxlint printed as JSON in `folder`. */
export function readOxlintReport(output: string, folder: string): LintReport[] {
  const { diagnostics } = JSON.parse(output) as { diagnostics: readonly OxlintDiagnostic[] };
  return diagnostics.map(({ filename, code, message, labels }) => {
    const offset = labels[0]?.span.offset ?? 0;
    // oxlint counts bytes.
    const before = readFileSync(join(folder, filename)).subarray(0, offset).toString('utf8');
    return {
      file: filename.replaceAll('\\', '/'),
      rule: code?.replace(/\((.*)\)$/, '/$1') ?? 'no rule',
      line: before.split('\n').length,
      column: before.length - before.lastIndexOf('\n'),
      message,
      edits: undefined,
    };
  });
}

/** What a program prints. Exit code 1 (there are findings) is as good as 0. */
function run([program, ...args]: readonly string[], cwd: string, env: Readonly<Record<string, string>> = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile(program!, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 2 ** 28 }, (error, stdout, stderr) => {
      if (error === null || error.code === 1) resolve(stdout);
      else reject(new Error(`${[program, ...args].join(' ')} ended with ${String(error.code)}:\n${stderr}${stdout.slice(0, 2000)}`));
    });
  });
}
