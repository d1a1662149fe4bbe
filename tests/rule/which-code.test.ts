/** Which code is judged (docs/which-code.md): by where the file lies, and by what its top level does. */
import path from 'node:path';

import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';

import plugin from '../../rules/index.ts';
import { isOneOffFile } from '../../src/rule/is-one-off-file.ts';

const LEAK = `
import { Pool } from 'pg';
const pool = new Pool();
async function main() {
  const client = await pool.connect();
  await client.query('select 1');
}
`;

function reports(code: string, file: string, option?: { code: 'services' | 'all' }): number {
  const messages = new Linter({ configType: 'flat', cwd: '/srv/app' }).verify(
    code,
    [plugin.configs.recommended, option ? { rules: { 'connection-leaks/require-release': ['error', option] } } : {}] as Linter.Config[],
    { filename: path.join('/srv/app', file) },
  );
  for (const { ruleId, message } of messages) if (ruleId !== 'connection-leaks/require-release') throw new Error(message);
  return messages.length;
}

describe('files', () => {
  it.each([
    'test/orders.js', 'src/__tests__/orders.js', 'src/orders.test.js', 'src/orders.spec.mjs', 'src/orders-test.js', 'src/orders_test.js', 'src/orders.e2e-spec.js',
    'scripts/import.js', 'bin/cli.js', 'db/migrations/001.js', 'db/seeds/orders.js', 'prisma/seed.js', 'src/__mocks__/db.js', 'src/db.mock.js',
  ])('%s is silent, unless all code is judged', (file) => {
    expect(reports(LEAK, file)).toBe(0);
    expect(reports(LEAK, file, { code: 'services' })).toBe(0);
    expect(reports(LEAK, file, { code: 'all' })).toBe(1);
  });

  it.each(['src/orders.js', 'src/latest.js', 'src/contest/index.js', 'src/inspector.js', 'src/seed.js', 'src/scripts.js', 'src/binary/read.js', 'test.js'])(
    '%s is judged',
    (file) => {
      expect(reports(LEAK, file)).toBe(1);
    },
  );

  it('folders above the one that ESLint runs in say nothing', () => {
    expect(isOneOffFile('/home/tests/app/src/orders.js', '/home/tests/app')).toBe(false);
    expect(isOneOffFile('/home/tests/app/tests/orders.js', '/home/tests/app')).toBe(true);
    expect(isOneOffFile('C:\\work\\app\\test\\orders.js', 'C:\\work\\app')).toBe(true);
    expect(isOneOffFile('/elsewhere/tests/orders.js', '/home/app')).toBe(false);
    expect(isOneOffFile('<input>', '/home/app')).toBe(false);
  });
});

describe('modules that run once', () => {
  it.each([
    'main().finally(() => pool.end());',
    'main().then(() => process.exit(0), () => process.exit(1));',
    'main().then(() => pool.end()).catch(console.error);',
    'await main();\nawait pool.end();',
    'try { await main(); } finally { await pool.end(); }',
    '(async () => { await main(); process.exit(); })();',
    'async function run() { await main(); await pool.end(); }\nrun();',
    'const stop = () => process.exit(0);\nmain().then(stop);',
  ])('is silent: %s', (end) => {
    expect(reports(LEAK + end, 'src/orders.js')).toBe(0);
    // Where each way ends in `process.exit()`, nothing is lost.
    expect(reports(LEAK + end, 'src/orders.js', { code: 'all' })).toBe(/then\((?:stop|.*, .*exit)/.test(end) ? 0 : 1);
  });

  it.each([
    'main();',
    'main().catch(() => process.exit(1));',
    "process.on('SIGTERM', () => pool.end());",
    'if (!process.env.PORT) process.exit(1);\nmain();',
    'try { await main(); } catch { process.exit(1); }',
    'main().finally(() => pool.end());\nexport { main };',
    'main().finally(() => pool.end());\nexport default main;',
    'export async function close() { await pool.end(); }',
  ])('is judged: %s', (end) => {
    expect(reports(LEAK + end, 'src/orders.js')).toBe(1);
  });

  it('is judged: a CommonJS module that others require', () => {
    const code = `${LEAK.replace("import { Pool } from 'pg'", "const { Pool } = require('pg')")}\nif (require.main === module) main().finally(() => pool.end());\nmodule.exports = { main };`;
    expect(reports(code, 'src/orders.js')).toBe(1);
  });
});

it('an option that is not known is an error that names it', () => {
  expect(() => reports(LEAK, 'src/orders.js', { code: 'some' } as never)).toThrow(/code|some/);
  expect(() => reports(LEAK, 'src/orders.js', { tests: true } as never)).toThrow(/tests/);
});
