import { readFile } from 'node:fs/promises';
import path from 'node:path';

import * as parser from '@typescript-eslint/parser';
import { ESLint, type Linter } from 'eslint';

import plugin from '../../../rules/index.ts';
import { findEnclosingFunction } from './find-enclosing-function.ts';

export const exampleFolder = path.resolve(import.meta.dirname, '..');

/** One lint message on the example, with the two places it speaks of. */
export interface ExampleFinding {
  /** Relative to the example's folder, with forward slashes. */
  file: string;
  function: string;
  rule: string;
  message: string;
  line: number;
  column: number;
  endColumn: number;
  /** The first line that the message names: where the connection is lost, or where it was released before. */
  namedLine: number | undefined;
  /** The source from the reported node to the end of its line. */
  reportedText: string;
  lines: readonly string[];
}

/** Lints the example service with the recommended preset, straight from the sources of the plugin. */
export async function lintExample(): Promise<ExampleFinding[]> {
  const eslint = new ESLint({
    cwd: exampleFolder,
    overrideConfigFile: true,
    overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser } }, plugin.configs.recommended],
  });
  const results = await eslint.lintFiles(['src/**/*.ts']);
  const findings = await Promise.all(
    results.map(async (result) => {
      const text = await readFile(result.filePath, 'utf8');
      return result.messages.map((message) => toFinding(result.filePath, text, message));
    }),
  );
  return findings.flat();
}

function toFinding(filePath: string, text: string, message: Linter.LintMessage): ExampleFinding {
  const file = path.relative(exampleFolder, filePath).split(path.sep).join('/');
  if (message.ruleId === null) throw new Error(`${file}:${message.line}: ${message.message}`);

  const lines = text.split('\n');
  const line = lines[message.line - 1] ?? '';
  const offset = lines.slice(0, message.line - 1).join('\n').length + (message.line > 1 ? 1 : 0) + message.column - 1;
  const { ast } = parser.parseForESLint(text, { range: true, loc: true });
  const namedLine = /\bline (\d+)/.exec(message.message)?.[1];
  return {
    file,
    function: findEnclosingFunction(ast, offset),
    rule: message.ruleId,
    message: message.message,
    line: message.line,
    column: message.column,
    endColumn: message.endLine === message.line && message.endColumn !== undefined ? message.endColumn : line.length + 1,
    namedLine: namedLine === undefined ? undefined : Number(namedLine),
    reportedText: line.slice(message.column - 1),
    lines,
  };
}
