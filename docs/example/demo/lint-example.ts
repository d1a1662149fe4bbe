import { readFile } from 'node:fs/promises';
import path from 'node:path';

import * as parser from '@typescript-eslint/parser';

import type { LocatedFinding } from '../../../src/cli/located-finding.ts';
import { relativeFile } from '../../../src/cli/relative-file.ts';
import { scanProject } from '../../../src/cli/scan-project.ts';
import { findEnclosingFunction } from './find-enclosing-function.ts';

export const exampleFolder = path.resolve(import.meta.dirname, '..');

/** One finding in the example, with what tells it from others whatever its line numbers are. */
export interface ExampleFinding extends LocatedFinding {
  /** Relative to the example's folder, with forward slashes. */
  path: string;
  function: string;
  /** How the source reads from the reported node to the end of its line. */
  reportedText: string;
  /** The first line that the message names (where the connection is lost, or where it was released before), as it stands there. */
  namedText: string | undefined;
}

/** Scans the example service as the command does, straight from the sources of the plugin. */
export async function lintExample(): Promise<ExampleFinding[]> {
  const { findings } = await scanProject({ cwd: exampleFolder, paths: ['src'], fix: false, code: 'services' });
  return Promise.all(findings.map(async (finding) => toExampleFinding(finding, await readFile(finding.file, 'utf8'))));
}

function toExampleFinding(finding: LocatedFinding, text: string): ExampleFinding {
  const lines = text.split('\n');
  const offset = lines.slice(0, finding.line - 1).reduce((sum, line) => sum + line.length + 1, 0) + finding.column - 1;
  const { ast } = parser.parseForESLint(text, { range: true, loc: true });
  const namedLine = /\bline (\d+)/.exec(finding.message)?.[1];
  return {
    ...finding,
    path: relativeFile(finding.file, exampleFolder),
    function: findEnclosingFunction(ast, offset),
    reportedText: (lines[finding.line - 1] ?? '').slice(finding.column - 1),
    namedText: namedLine === undefined ? undefined : lines[Number(namedLine) - 1],
  };
}
