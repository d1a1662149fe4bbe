import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { join } from 'node:path';
import { readFileSync, symlinkSync } from 'node:fs';
import { createProject, LEAK, SAFE, type ScannedProject } from './scanned-project.ts';

let project: ScannedProject;
const POOL = `import { Pool } from 'pg';\nexport const pool = new Pool();\n`;

beforeAll(() => {
  project = createProject({
    'src/leak.ts': LEAK,
    'src/safe.ts': SAFE,
    'src/pool.ts': POOL,
    'tests/orders.test.ts': LEAK,
    'dist/leak.js': LEAK,
    'src/disabled.js': LEAK.replace('  const client', '  // eslint-disable-next-line connection-leaks/require-release\n  const client'),
    'src/other-rules.js': `/* eslint no-var: error, unknown/rule: error */\nvar a = 1;\nexport default a;\n`,
    'other/broken.ts': 'const = ;',
  });
});
afterAll(() => project.remove());

describe('the findings', () => {
  it('are printed with their place, their way over the source, and a summary', async () => {
    const { exitCode, out } = await project.run('src');
    expect(out).toBe(`src/leak.ts:6:24  connection-leaks/require-release
  \`client\` from \`pool.connect()\` is not released if \`client.query('…')\` on line 7 throws. Release it in a \`finally\` block (\`client.release()\`).

  6 |   const client = await pool.connect();
    |                        ^^^^^^^^^^^^^^ 1. acquired by pool.connect()
  7 |   const { rows } = await client.query('select count(*) from orders');
    |                          ~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~~ 2. client.query('…') throws, leaves with the error

  more: https://github.com/connection-leaks/eslint-plugin-connection-leaks/blob/main/docs/rules/require-release.md

1 finding in 1 file of 5.

  1  connection-leaks/require-release

  1  pg
`);
    expect(exitCode).toBe(1);
  });

  it('are none where nothing leaks', async () => {
    const { exitCode, out } = await project.run('src/safe.ts', 'src/pool.ts');
    expect(out).toBe('No findings in 2 files.\n');
    expect(exitCode).toBe(0);
  });

  it('are those of tests too when all code is judged', async () => {
    expect((await project.run('tests')).exitCode).toBe(0);
    expect((await project.run('--all-code', 'tests')).exitCode).toBe(1);
  });

  it('are found in a folder outside the current one', async () => {
    const other = createProject({ 'a.ts': LEAK });
    const { exitCode, out } = await project.run(other.folder);
    other.remove();
    expect(exitCode).toBe(1);
    expect(out).toContain('a.ts:6:24');
  });

  it('keep secrets: what the page and the frames show of the source has no password in it', async () => {
    for (const format of ['pretty', 'json', 'sarif', 'html', 'github', 'gitlab']) {
      const { out } = await project.run('--format', format, 'src/leak.ts');
      expect(out).toContain('client');
      expect(out).not.toContain('hunter2');
    }
  });
});

describe('--explain', () => {
  it('lists every acquisition with its verdict', async () => {
    const { out } = await project.run('--explain', 'src', 'tests');
    expect(out).toBe(`src/disabled.js:7:24  leak  pool.connect()
src/leak.ts:6:24  leak  pool.connect()
src/safe.ts:4:24  safe  pool.connect()
tests/orders.test.ts:6:24  leak, silent in tests and scripts  pool.connect()

4 acquisitions
  2  leak
  1  safe
  1  leak, silent in tests and scripts
`);
  });
});

describe('what goes wrong', () => {
  it('is no link that leads to nothing', async () => {
    const linked = createProject({ 'src/leak.ts': LEAK });
    symlinkSync('gone.ts', join(linked.folder, 'src/link [1].ts'));
    symlinkSync('loop.js', join(linked.folder, 'loop.js'));
    const { exitCode, out } = await linked.run('.');
    linked.remove();
    expect(exitCode).toBe(1);
    expect(out).toContain('1 finding in 1 file of 1.');
  });

  it('is a file that cannot be parsed: it is named, and the exit code is 2', async () => {
    const { exitCode, out } = await project.run('other', 'src/safe.ts');
    expect(out).toMatch(/^other\/broken\.ts\n {2}not read: Parsing error: /);
    expect(out).toContain('No findings in 2 files, 1 file not read.');
    expect(exitCode).toBe(2);
  });

  it.each([
    [['--fromat', 'json'], "Unknown option '--fromat'"],
    [['--format', 'xml'], '--format takes one of pretty, json, sarif, html, github, gitlab, not "xml".'],
    [['src/nothing-here.ts'], "No files matching 'src/nothing-here.ts' were found."],
  ])('is said of %j', async (args, message) => {
    const { exitCode, err, out } = await project.run(...args);
    expect(err).toContain(message);
    expect(out).toBe('');
    expect(exitCode).toBe(2);
  });
});

describe('--help and --version', () => {
  it('print and do nothing else', async () => {
    expect(await project.run('--help')).toMatchObject({ exitCode: 0, out: expect.stringContaining('--explain') as string });
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8')) as { version: string };
    expect(await project.run('--version')).toMatchObject({ exitCode: 0, out: `${version}\n` });
  });
});
