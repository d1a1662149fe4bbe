import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createProject, LEAK, type ScannedProject } from './scanned-project.ts';

/** What `copyRows` does with the client is not seen: a suggestion, no fix. */
const SUGGESTED = `import { Pool } from 'pg';
import { copyRows } from 'copy-rows';

const pool = new Pool();

export async function copy() {
  const client = await pool.connect();
  await copyRows(client);
  client.release();
}
`;

let project: ScannedProject;
beforeEach(() => {
  project = createProject({ 'src/leak.ts': LEAK, 'src/suggested.js': SUGGESTED });
});
afterEach(() => project.remove());

const textOf = (file: string): string => readFileSync(join(project.folder, file), 'utf8');

describe('connection-leaks fix', () => {
  it('writes the fixes, leaves what is only suggested, and says what is left', async () => {
    const { exitCode, out } = await project.run('fix', 'src');
    expect(out).toBe('src/leak.ts: 1 edit\nChanged 1 file; 1 finding is left.\n');
    expect(exitCode).toBe(1);
    expect(textOf('src/leak.ts')).toContain("  const { rows } = await pool.query('select count(*) from orders');\n  return");
    expect(textOf('src/suggested.js')).toBe(SUGGESTED);
  });

  it('does the same as --fix of a scan', async () => {
    await project.run('--fix', 'src');
    const scanned = textOf('src/leak.ts');
    project.write({ 'src/leak.ts': LEAK });
    await project.run('fix', 'src');
    expect(textOf('src/leak.ts')).toBe(scanned);
  });

  it('applies suggestions where they are asked for, until nothing is left to do', async () => {
    const { exitCode, out } = await project.run('fix', '--suggestions', 'src');
    expect(out).toContain('Changed 2 files; 0 findings are left.');
    expect(exitCode).toBe(0);
    expect(textOf('src/suggested.js')).toContain('  } finally {\n    client.release();\n  }\n');
    expect((await project.run('fix', '--suggestions', 'src')).out).toBe('Changed 0 files; 0 findings are left.\n');
    expect((await project.run('src')).exitCode).toBe(0);
  });

  it('shows the changes and writes nothing in a dry run', async () => {
    const { out } = await project.run('fix', '--dry-run', 'src/leak.ts');
    expect(out).toContain('--- a/src/leak.ts');
    expect(out).toContain('-  const client = await pool.connect();');
    expect(out).toContain('+  const { rows } = await pool.query(');
    expect(out).toContain('Would change 1 file; 0 findings are left.');
    expect(textOf('src/leak.ts')).toBe(LEAK);
  });

  it('keeps to the rules that are named', async () => {
    const { out } = await project.run('fix', '--rule', 'no-double-release', 'src');
    expect(out).toBe('Changed 0 files; 0 findings are left.\n');
    expect(textOf('src/leak.ts')).toBe(LEAK);
  });

  it.each([
    [['fix', '--rule', 'no-such-rule'], '--rule takes one of require-release, '],
    [['fix', '--format', 'json'], '--format is no option of the command fix.'],
    [['--dry-run', 'src'], '--dry-run is no option of a scan.'],
  ])('says what is wrong with %j', async (args, message) => {
    const { exitCode, err } = await project.run(...args);
    expect(err).toContain(message);
    expect(exitCode).toBe(2);
  });
});
