import { execFile } from 'node:child_process';
import path from 'node:path';

import type { ESLint } from 'eslint';

const root = path.resolve(import.meta.dirname, '../..');

/** The ESLint versions that the plugin promises to work with, by the name they are installed under. */
export const eslintVersions = [
  { version: '10', name: 'eslint' },
  { version: '9', name: 'eslint-9' },
  { version: '8.57', name: 'eslint-8' },
] as const;

export type EslintName = (typeof eslintVersions)[number]['name'];

export interface EslintRun {
  exitCode: number;
  stderr: string;
  /** What was reported, as `file: rule@line`, in order. */
  reports: string[];
}

/** Runs ESLint's command line in a folder; exit code 2 (a broken configuration or a crash) is a result too. */
export function runEslint(
  name: EslintName,
  folder: string,
  { args = ['.'], flat = true }: { args?: string[]; flat?: boolean } = {},
): Promise<EslintRun> {
  const command = path.join(root, 'node_modules', name, 'bin/eslint.js');
  const env = { ...process.env, ESLINT_USE_FLAT_CONFIG: String(flat) };
  return new Promise((resolve, reject) => {
    execFile(process.execPath, [command, '--format', 'json', ...args], { cwd: folder, env }, (error, stdout, stderr) => {
      const exitCode = error === null ? 0 : error.code;
      if (typeof exitCode !== 'number') {
        reject(error ?? new Error('no exit code'));
        return;
      }
      resolve({ exitCode, stderr, reports: exitCode === 2 ? [] : listReports(stdout) });
    });
  });
}

function listReports(stdout: string): string[] {
  const results = JSON.parse(stdout) as ESLint.LintResult[];
  return results.flatMap((result) =>
    result.messages.map(
      (message) => `${path.basename(result.filePath)}: ${message.ruleId ?? message.message}@${message.line}`,
    ),
  );
}
