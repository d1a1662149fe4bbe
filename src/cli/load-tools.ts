/** ESLint and the parser for TypeScript, as the project has them, else as this package finds them. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

/** The part of ESLint's class that is used here. */
export interface LintEngine {
  lintFiles(patterns: string[]): Promise<LintResult[]>;
  lintText(text: string, options: { filePath: string }): Promise<LintResult[]>;
}

/** Offsets in the text, the end exclusive, and what is put there. */
export interface TextEdit {
  readonly range: readonly [number, number];
  readonly text: string;
}

/** The part of a lint message that is needed here; the same in ESLint 8, 9 and 10. */
export interface LintMessage {
  readonly ruleId: string | null;
  readonly severity: number;
  readonly message: string;
  readonly line: number;
  readonly column: number;
  readonly endLine?: number | undefined;
  readonly endColumn?: number | undefined;
  readonly fatal?: boolean | undefined;
  readonly fix?: TextEdit | undefined;
  readonly suggestions?: readonly { readonly desc: string; readonly fix: TextEdit }[] | undefined;
}

/** What the linter says of one file. */
export interface LintResult {
  readonly filePath: string;
  readonly messages: readonly LintMessage[];
  readonly source?: string | undefined;
  readonly output?: string | undefined;
}

export interface LintEngineClass {
  new (options: object): LintEngine;
  outputFixes(results: readonly LintResult[]): Promise<void>;
}

interface EslintModule {
  readonly ESLint: LintEngineClass;
  /** Since 8.57: the class that takes flat configurations. */
  loadESLint?(options: { useFlatConfig: true }): Promise<LintEngineClass>;
}

export interface Tools {
  readonly ESLint: LintEngineClass;
  /** Absent where it, or TypeScript, is not installed: then only JavaScript can be read. */
  readonly parser: object | undefined;
}

/** Something that has to be installed is not there. The message says what to type instead. */
export class MissingToolError extends Error {
  override name = 'MissingToolError';
}

/** The line that installs everything for one run. */
export const NPX_LINE = 'npx -p eslint -p typescript -p @typescript-eslint/parser -p eslint-plugin-connection-leaks connection-leaks';

/** Loads the tools for the project in `cwd`. Throws a `MissingToolError` where there is no ESLint. */
export async function loadTools(cwd: string): Promise<Tools> {
  const eslint = load(cwd, ['eslint']) as EslintModule | undefined;
  if (eslint === undefined) throw new MissingToolError(`ESLint is not installed here. This line works without it:\n  ${NPX_LINE} .`);
  const ESLint = (await eslint.loadESLint?.({ useFlatConfig: true })) ?? eslint.ESLint;
  const parser = load(cwd, ['@typescript-eslint/parser']) ?? load(cwd, ['typescript-eslint', '@typescript-eslint/parser']);
  return { ESLint, parser };
}

/** The last module of `chain`, each resolved from the one before; undefined where it is not installed, or cannot be loaded. */
function load(cwd: string, chain: readonly string[]): object | undefined {
  for (const start of [join(cwd, 'package.json'), import.meta.url]) {
    try {
      let from = start;
      for (const name of chain) from = createRequire(from).resolve(name);
      return createRequire(start)(from) as object;
    } catch {
      // Not here.
    }
  }
  return undefined;
}
