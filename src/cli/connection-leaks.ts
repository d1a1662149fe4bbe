#!/usr/bin/env node
/** The program behind `npx eslint-plugin-connection-leaks`. */
import { runCommand } from './run-command.ts';

/** Scans that are over sooner say nothing in between. */
const QUIET_FOR = 1000;
const started = Date.now();
let hasProgress = false;

function showProgress(files: number): void {
  if (Date.now() - started < QUIET_FOR) return;
  hasProgress = true;
  process.stderr.write(`\r${String(files)} files`);
}

// ESLint warns of a file `.eslintignore` that it does not read. The command reads no configuration, and its user wrote none for it.
const printWarning = process.listeners('warning');
process.removeAllListeners('warning');
process.on('warning', (warning) => {
  if (warning.name !== 'ESLintIgnoreWarning') for (const print of printWarning) print(warning);
});

process.exitCode = await runCommand(process.argv.slice(2), {
  cwd: process.cwd(),
  out: (text) => {
    if (hasProgress) process.stderr.write('\r\u001B[K');
    process.stdout.write(`${text}\n`);
  },
  err: (text) => process.stderr.write(`${text}\n`),
  progress: process.stderr.isTTY ? showProgress : undefined,
});
