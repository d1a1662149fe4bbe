import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ESLint } from 'eslint';
import * as parser from '@typescript-eslint/parser';
import { afterEach, describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { BUNDLED, typeErrors } from '../fixes/type-errors.ts';
import { createProject, type ScannedProject } from './scanned-project.ts';

let project: ScannedProject;
afterEach(() => project.remove());

const textOf = (file: string): string => readFileSync(join(project.folder, file), 'utf8');
const manifest = (dependencies: Readonly<Record<string, string>>, more: object = {}): string => JSON.stringify({ name: 'shop', private: true, dependencies, ...more });

const WITH_CLIENT = `import type { Pool, PoolClient } from 'pg';

export async function withClient<T>(from: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await from.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}
`;

const ADD = 'Add this to the configuration of ESLint';

describe('connection-leaks init', () => {
  it('writes a typed function for pg where there is a tsconfig.json, once', async () => {
    project = createProject({ 'package.json': manifest({ pg: '^8.16.0' }), 'tsconfig.json': '{}', 'src/main.ts': '' });
    const { exitCode, out } = await project.run('init');
    expect(exitCode).toBe(0);
    expect(out).toBe(`src/with-connection.ts: withClient\nChanged 1 file.\n${ADD}, so that fixes use it in every file:\n  { settings: { 'connection-leaks': { scoped: [{ name: 'withClient', from: 'src/with-connection.ts' }] } } },\n`);
    expect(textOf('src/with-connection.ts')).toBe(WITH_CLIENT);
    const again = await project.run('init');
    expect(again.out).toContain('src/with-connection.ts has the name withClient already: it is left as it is.\nNothing to write.\n');
    expect(textOf('src/with-connection.ts')).toBe(WITH_CLIENT);
  });

  it('writes plain JavaScript for mysql2, in the format of the package', async () => {
    project = createProject({ 'package.json': manifest({ mysql2: '^3.18.0' }) });
    await project.run('init', 'db.js');
    expect(textOf('db.js')).toBe(`async function withConnection(from, work) {
  const connection = await from.getConnection();
  try {
    return await work(connection);
  } finally {
    connection.release();
  }
}

module.exports.withConnection = withConnection;
`);
    project.write({ 'package.json': manifest({ mysql2: '^3.18.0' }, { type: 'module' }) });
    await project.run('init', 'lib/db.js');
    expect(textOf('lib/db.js')).toMatch(/^export async function withConnection\(from, work\) \{\n/);
  });

  it('writes one for each library, which compile', async () => {
    project = createProject({ 'package.json': manifest({ pg: '^8.16.0' }, { devDependencies: { mysql2: '^3.18.0' } }) });
    const { out } = await project.run('init', 'lend.ts');
    expect(out).toContain('lend.ts: withClient, withConnection\n');
    const text = textOf('lend.ts');
    expect(text).toContain("import type { PoolClient } from 'pg';\nimport type { PoolConnection } from 'mysql2/promise';\n");
    expect(text).toContain("withClient<T>(from: import('pg').Pool, work: (client: PoolClient) => Promise<T>)");
    expect(text).toContain("withConnection<T>(from: import('mysql2/promise').Pool, work: (connection: PoolConnection) => Promise<T>)");
    const errorsOf = typeErrors(new Map([['lend.ts', text], ['pg.ts', WITH_CLIENT]]), BUNDLED);
    expect([...errorsOf('lend.ts'), ...errorsOf('pg.ts')]).toEqual([]);
    // Both have their pools called the same, and mariadb its connections as well.
    project.write({ 'package.json': manifest({ mariadb: '^3.4.0', mysql2: '^3.18.0' }) });
    expect((await project.run('init', 'both.ts')).out).toContain('both.ts: withConnection, withMariadbConnection\n');
  });

  it('adds to a module that is there, in its style', async () => {
    project = createProject({
      'package.json': manifest({ pg: '^8.16.0', mysql2: '^3.18.0' }),
      'db.ts': 'import { Pool } from "pg"\n\nexport const pool = new Pool()\n\nexport function withClient() {\n\treturn pool\n}\n',
      'db.cjs': "const { Pool } = require('pg');\n\nconst pool = new Pool();\n\nmodule.exports = { pool };\n",
    });
    const { out } = await project.run('init', 'db.ts');
    expect(out).toContain('db.ts: withConnection\ndb.ts has the name withClient already: it is left as it is.\nChanged 1 file.\n');
    expect(textOf('db.ts')).toBe(`import { Pool } from "pg"
import type { PoolConnection } from "mysql2/promise"

export const pool = new Pool()

export function withClient() {
	return pool
}

export async function withConnection<T>(from: import('mysql2/promise').Pool, work: (connection: PoolConnection) => Promise<T>): Promise<T> {
	const connection = await from.getConnection()
	try {
		return await work(connection)
	} finally {
		connection.release()
	}
}
`);
    await project.run('init', 'db.cjs');
    expect(textOf('db.cjs')).toMatch(/^const \{ Pool \} = require\('pg'\);\n[^]*module\.exports = \{ pool \};\n\nasync function withClient\(from, work\) \{\n[^]*\n\}\n\nmodule\.exports\.withClient = withClient;\n/);
  });

  it('names the functions in the configuration where it is plain how, and fixes use them then', async () => {
    project = createProject({
      'package.json': manifest({ pg: '^8.16.0' }, { type: 'module' }), 'tsconfig.json': '{}',
      'eslint.config.js': "import connectionLeaks from 'eslint-plugin-connection-leaks';\n\nexport default [\n  connectionLeaks.configs.recommended,\n];\n",
      'src/pool.ts': "import { Pool } from 'pg';\n\nexport const pool = new Pool();\n",
      'src/orders.ts': "import { pool } from './pool.js';\n\nexport async function closeOrders() {\n  const client = await pool.connect();\n  await client.query('update orders set open = false');\n  await client.query('update totals set open = 0');\n  client.release();\n}\n",
    });
    const { out } = await project.run('init', 'src/lend.ts');
    expect(out).toBe('src/lend.ts: withClient\neslint.config.js: names withClient\nChanged 2 files.\n');
    expect(textOf('eslint.config.js')).toContain("  connectionLeaks.configs.recommended,\n  { settings: { 'connection-leaks': { scoped: [{ name: 'withClient', from: 'src/lend.ts' }] } } },\n];");
    const [, entry] = /\n {2}(\{ settings: .*\}),\n/.exec(textOf('eslint.config.js'))!;
     
    const settings = (new Function(`return ${entry!}`) as () => { settings: Record<string, unknown> })();
    const engine = new ESLint({ cwd: project.folder, overrideConfigFile: true, fix: true, overrideConfig: [{ files: ['**/*.ts'], languageOptions: { parser }, plugins: { 'connection-leaks': plugin as unknown as ESLint.Plugin }, rules: { 'connection-leaks/require-release': 'error' }, ...settings }] });
    const [result] = await engine.lintFiles('src/orders.ts');
    expect(result!.output).toBe("import { pool } from './pool.js';\nimport { withClient } from './lend.js';\n\nexport async function closeOrders() {\n  await withClient(pool, async (client) => {\n    await client.query('update orders set open = false');\n    await client.query('update totals set open = 0');\n  });\n}\n");
    expect((await project.run('init', 'src/lend.ts')).out).toContain('Nothing to write.\n');
  });

  it.each([
    ['settings of the plugin', "export default [\n  connectionLeaks.configs.recommended,\n  { settings: { 'connection-leaks': {} } },\n];\n"],
    ['the preset among others in a line', 'export default [connectionLeaks.configs.recommended];\n'],
    ['two presets', 'export default [\n  connectionLeaks.configs.recommended,\n  connectionLeaks.configs.strict,\n];\n'],
  ])('leaves a configuration alone that has %s, and prints the line', async (_name, rest) => {
    const config = `import connectionLeaks from 'eslint-plugin-connection-leaks';\n\n${rest}`;
    project = createProject({ 'package.json': manifest({ pg: '^8.16.0' }), 'eslint.config.mjs': config });
    expect((await project.run('init', 'lend.mjs')).out).toContain(ADD);
    expect(textOf('eslint.config.mjs')).toBe(config);
    expect(textOf('lend.mjs')).toContain('export async function withClient');
  });

  it('shows the changes and writes nothing in a dry run', async () => {
    project = createProject({ 'package.json': manifest({ pg: '^8.16.0' }) });
    const { exitCode, out } = await project.run('init', '--dry-run', 'lend.ts');
    expect(exitCode).toBe(0);
    expect(out).toContain('+++ b/lend.ts');
    expect(out).toContain('+export async function withClient<T>(');
    expect(out).toContain('Would change 1 file.');
    expect(existsSync(join(project.folder, 'lend.ts'))).toBe(false);
  });

  it.each([
    ['no library', { 'package.json': manifest({ express: '^5.0.0' }) }, ['init'], 'package.json names no library whose connections a function can lend (pg, mysql2, '],
    ['a manifest that is none', { 'package.json': '{' }, ['init'], 'There is no package.json here that can be read.'],
    ['a module elsewhere', { 'package.json': manifest({ pg: '^8.16.0' }) }, ['init', '../lend.ts'], '../lend.ts lies outside of this folder.'],
    ['a component', { 'package.json': manifest({ pg: '^8.16.0' }) }, ['init', 'lend.tsx'], 'lend.tsx is no module for such a function'],
    ['two modules', { 'package.json': manifest({ pg: '^8.16.0' }) }, ['init', 'a.ts', 'b.ts'], 'The command init takes one module.'],
    ['an option of fix', { 'package.json': manifest({ pg: '^8.16.0' }) }, ['init', '--suggestions'], '--suggestions is no option of the command init.'],
  ])('says what is wrong, and exits with 2: %s', async (_name, files, args, problem) => {
    project = createProject(files);
    const { exitCode, err, out } = await project.run(...args);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toContain(problem);
  });
});
