/** What libraries did otherwise in older versions: decided by the version that the linted project has installed, else by the one that it declares. */
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import type { Driver } from '../../src/drivers/driver.ts';
import { driversOfVersions } from '../../src/project/drivers-of-versions.ts';
import { highestVersion } from '../../src/project/highest-version.ts';
import { parserOf } from '../project/parsers.ts';
import { temporaryTree } from '../project/temporary-tree.ts';

const installed = (version: string): object => ({ version });

/** What is said of the file at `path` of a project with these files. */
function messagesIn(files: Readonly<Record<string, string | object>>, path: string): string[] {
  const tree = temporaryTree({ 'package.json': {}, 'pnpm-workspace.yaml': '', ...files });
  const config: Linter.Config[] = [
    { files: ['**/*.ts'], languageOptions: { parser: parserOf('@typescript-eslint/parser') as Linter.Parser } },
    plugin.configs.recommended as unknown as Linter.Config,
  ];
  return new Linter({ configType: 'flat', cwd: tree.directory }).verify(tree.read(path), config, { filename: tree.at(path) }).map(({ message }) => message);
}

const DISPOSED = `import mysql from 'mysql2/promise';
const pool = mysql.createPool('mysql://localhost');
export async function count() {
  await using connection = await pool.getConnection();
  return connection.query('select 1');
}
`;

describe('a dispose method that came with 3.18.0', () => {
  it.each<[string, Readonly<Record<string, string | object>>, boolean]>([
    ['nothing says', {}, true],
    ['an older one is installed', { 'node_modules/mysql2/package.json': installed('3.17.5') }, false],
    ['a newer one is installed', { 'node_modules/mysql2/package.json': installed('3.24.5') }, true],
    ['an older one is installed beside the package', { 'node_modules/mysql2/package.json': installed('3.24.5'), 'app/node_modules/mysql2/package.json': installed('3.2.0') }, false],
    ['an older one is declared', { 'app/package.json': { dependencies: { mysql2: '3.9.1' } } }, false],
    ['a range is declared that reaches it', { 'app/package.json': { devDependencies: { mysql2: '^3.9.1' } } }, true],
    ['a range is declared that ends before it', { 'package.json': { peerDependencies: { mysql2: '>=2 <3.10' } } }, false],
    ['anything is declared', { 'app/package.json': { dependencies: { mysql2: '*' } }, 'package.json': { dependencies: { mysql2: '2.0.0' } } }, true],
    ['what is installed says more than what is declared', { 'app/package.json': { dependencies: { mysql2: '3.9.1' } }, 'node_modules/mysql2/package.json': installed('3.24.5') }, true],
    ['a package.json is no JSON', { 'node_modules/mysql2/package.json': '{' }, true],
  ])('%s', (_, files, isThere) => {
    const messages = messagesIn({ ...files, 'app/src/count.ts': DISPOSED }, 'app/src/count.ts');
    expect(messages).toHaveLength(isThere ? 0 : 1);
    if (!isThere) expect(messages[0]).toContain('has no dispose method');
  });
});

it('a client of redis is closed by the method that its version has', () => {
  const text = `import { createClient } from 'redis';
export async function countBad() {
  const client = createClient();
  await client.connect();
  return client.get('count');
}
`;
  const close = (files: Readonly<Record<string, string | object>>): string | undefined => /`client\.(\w+)\(\)`\)/.exec(messagesIn({ ...files, 'count.ts': text }, 'count.ts')[0] ?? '')?.[1];
  expect(close({})).toBe('close');
  expect(close({ 'package.json': { dependencies: { redis: '^5.8.0' } } })).toBe('close');
  expect(close({ 'package.json': { dependencies: { redis: '^4.6.0' } } })).toBe('quit');
});

describe('tables of versions', () => {
  const of = (versions: Readonly<Record<string, string>>) => driversOfVersions(DRIVERS, (name) => (Object.hasOwn(versions, name) ? highestVersion(versions[name]!) : undefined));
  const typeOf = (drivers: readonly Driver[], library: string, type: string) => drivers.find((driver) => driver.library === library)!.types[type]!;

  it('are those of the newest where nothing is known, and where it makes no difference', () => {
    expect(of({})).toBe(DRIVERS);
    expect(of({ mysql2: '^3.20.0', redis: '6.0.0', typeorm: '1.1.1' })).toBe(DRIVERS);
  });

  it('are one list for what is the same', () => {
    expect(of({ typeorm: '^0.3.20' })).not.toBe(DRIVERS);
    expect(of({ typeorm: '^0.3.20' })).toBe(of({ typeorm: '0.3.17', redis: '^6' }));
  });

  it.each([
    ['typeorm', '0.3.31', 'typeorm', 'QueryRunner'], ['mongodb', '6.22.0', 'mongodb', 'ClientSession'], ['mongodb', '6.22.0', 'mongoose', 'ClientSession'],
    ['mysql2', '3.17.0', 'mysql2', 'PoolConnection'], ['mysql2', '3.17.0', 'fastify', 'PoolConnection'], ['oracledb', '6.9.0', 'oracledb', 'Connection'],
    ['neo4j-driver', '4.4.0', 'neo4j-driver', 'Session'], ['mariadb', '3.4.0', 'mariadb', 'PoolConnection'],
  ])('%s %s has no dispose method: %s %s', (name, version, library, type) => {
    expect(typeOf(DRIVERS, library, type).dispose).toBeDefined();
    expect(typeOf(of({ [name]: version }), library, type).dispose).toBeUndefined();
  });

  it('leave out scoped forms that are not there yet', () => {
    expect(typeOf(of({ 'neo4j-driver': '5.20.0' }), 'neo4j-driver', 'Session').scoped).toHaveLength(1);
    expect(typeOf(of({ 'neo4j-driver': '4.4.0' }), 'neo4j-driver', 'Session').scoped).toBeUndefined();
  });

  it('ask nothing of what Node has itself', () => {
    const asked: string[] = [];
    driversOfVersions(DRIVERS, (name) => {
      asked.push(name);
      return undefined;
    });
    expect(asked).toContain('mysql2');
    expect(asked.filter((name) => /^(?:fs|https?|node:.*)$/.test(name))).toEqual([]);
  });
});
