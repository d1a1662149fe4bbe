/** A project in a folder of its own, for tests of the command. */
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { runCommand } from '../../src/cli/run-command.ts';

const modules = resolve(import.meta.dirname, '../../node_modules');

export interface ScannedProject {
  readonly folder: string;
  readonly run: (...args: string[]) => Promise<{ readonly exitCode: number; readonly out: string; readonly err: string }>;
  readonly write: (files: Readonly<Record<string, string>>) => void;
  readonly remove: () => void;
}

/** Writes `files` (by path) into a new folder that has ESLint and the parser, and runs the command there. */
export function createProject(files: Readonly<Record<string, string>>): ScannedProject {
  const folder = mkdtempSync(join(tmpdir(), 'connection-leaks-cli-'));
  const write: ScannedProject['write'] = (texts) => {
    for (const [path, text] of Object.entries(texts)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
  };
  write({ 'package.json': '{ "name": "scanned", "private": true }', ...files });
  symlinkSync(modules, join(folder, 'node_modules'));
  return {
    folder,
    write,
    remove: () => rmSync(folder, { recursive: true, force: true }),
    async run(...args) {
      let out = '';
      let err = '';
      const exitCode = await runCommand(args, { cwd: folder, out: (text) => (out += `${text}\n`), err: (text) => (err += `${text}\n`) });
      return { exitCode, out, err };
    },
  };
}

export const LEAK = `import { Pool } from 'pg';

const pool = new Pool({ connectionString: 'postgres://app:hunter2@db/app' });

export async function count() {
  const client = await pool.connect();
  const { rows } = await client.query('select count(*) from orders');
  client.release();
  return rows[0].count;
}
`;

/** What `LEAK` becomes. */
export const MENDED = LEAK.replace('  const { rows }', '  try {\n  const { rows }').replace('  client.release();\n', '').replace('count;\n}', 'count;\n  } finally {\n    client.release();\n  }\n}');

export const SAFE = `import { pool } from './pool';

export async function count() {
  const client = await pool.connect();
  try {
    return await client.query('select 1');
  } finally {
    client.release();
  }
}
`;
