/** The shape of the house (docs/architecture.md), checked. */
import { existsSync, readdirSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { DRIVERS } from '../../src/drivers/drivers.ts';
import { corpusFiles } from '../corpus-files.ts';
import { IMPORT_DIRECTIONS, PACKAGE_TYPES } from './import-directions.ts';
import { readSourceFiles } from './source-files.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));
const files = readSourceFiles();

/** The command is a program of Node, and nothing else is; the library for diffs is bundled with it. */
const isOfNode = (room: string, name: string): boolean => room === 'cli' && (name.startsWith('node:') || name === 'diff');

describe('import directions', () => {
  it.each(files)('$path', ({ room, imports }) => {
    const broken = imports.filter(({ to, isPackage, isType }) => {
      if (to === room) return false;
      if (isPackage) return !isOfNode(room, to) && !(isType && PACKAGE_TYPES.some((row) => row.from === room && row.package === to));
      // The version and name of the plugin are those of the package.
      if ((room === 'rules' || room === 'cli') && to === '') return false;
      return !IMPORT_DIRECTIONS.some((row) => row.from === room && row.to === to && (row.what === 'values' || isType));
    });
    expect(broken).toEqual([]);
  });

  it('each row is used, gives a reason, and asks for no more than is needed', () => {
    for (const row of IMPORT_DIRECTIONS) {
      const uses = files.filter((file) => file.room === row.from).flatMap((file) => file.imports.filter(({ to, isPackage }) => !isPackage && to === row.to));
      expect(uses.length, `${row.from} → ${row.to}`).toBeGreaterThan(0);
      expect(row.what, `${row.from} → ${row.to}`).toBe(uses.some(({ isType }) => !isType) ? 'values' : 'types');
      expect(row.reason).not.toBe('');
    }
  });

  it('leads in no circle', () => {
    const values = IMPORT_DIRECTIONS.filter((row) => row.what === 'values');
    const reaches = (from: string, seen: readonly string[] = []): boolean =>
      seen.includes(from) || values.some((row) => row.from === from && reaches(row.to, [...seen, from]));
    expect([...new Set(values.map((row) => row.from))].filter((room) => reaches(room))).toEqual([]);
  });

  it('nothing but types comes from ESLint, its parsers or any package', () => {
    const values = files.flatMap(({ path, room, imports }) => imports.filter(({ to, isPackage, isType }) => isPackage && !isType && !isOfNode(room, to)).map(({ to }) => `${path}: ${to}`));
    expect(values).toEqual([]);
  });
});

describe('tables', () => {
  it('survive a round trip through JSON', () => {
    expect(JSON.parse(JSON.stringify(DRIVERS))).toEqual(DRIVERS);
  });

  it.each(files.filter(({ room }) => room === 'drivers'))('$path exports no function', ({ exported }) => {
    expect(exported).toEqual([]);
  });

  it('every type that a table names has a row, and every row that releases is spelt out', () => {
    for (const driver of DRIVERS) {
      const named = [
        ...Object.values(driver.exports).flatMap((row) => ('type' in row ? [row.type] : 'yields' in row ? [row.yields] : [])),
        ...Object.values(driver.types).flatMap((type) => Object.values(type.members).flatMap((row) => ('yields' in row ? [row.yields] : 'type' in row ? [row.type] : []))),
      ];
      expect(named.filter((name) => !Object.hasOwn(driver.types, name)), driver.library).toEqual([]);
      for (const [name, type] of Object.entries(driver.types)) {
        const releases = Object.values(type.members).some((row) => row.effect === 'release' || row.effect === 'prepares') || type.takenBackBy !== undefined;
        expect(type.giveBack !== undefined, `${driver.library} ${name}`).toBe(releases);
      }
      expect(driver.source).toMatch(/^https:/);
    }
  });
});

describe('files', () => {
  const all = [...files, ...corpusFiles('tests').filter(({ path }) => !path.startsWith('tests/fixtures/'))];

  it('are named for what they hold', () => {
    const vague = all.map(({ path }) => path).filter((path) => /(?:^|[/-])(?:utils?|helpers?|misc|common)(?:[-./]|$)/.test(path));
    expect(vague).toEqual([]);
    expect(all.map(({ path }) => basename(path)).filter((name) => !/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.test)?\.ts$/.test(name))).toEqual([]);
  });

  it.each(files)('$path documents what it exports', ({ exported }) => {
    expect(exported.filter(({ isDocumented }) => !isDocumented).map(({ name }) => name)).toEqual([]);
  });

  it('contain no flow logic and no API names in rules', () => {
    const apiNames = new Set(DRIVERS.flatMap((driver) => [...driver.modules, ...Object.values(driver.types).flatMap((type) => Object.keys(type.members))]));
    for (const { path, text } of files.filter(({ room }) => room === 'rules')) {
      const code = text.replace(/\/\*[\s\S]*?\*\/|\/\/.*/g, '');
      const strings = [...code.matchAll(/'([^']*)'/g)].map((match) => match[1]!);
      expect(strings.filter((string) => apiNames.has(string)), path).toEqual([]);
    }
  });
});

describe.each(Object.keys(plugin.rules))('rule %s', (name) => {
  it('has a file, a page, and a fixture that it reports', () => {
    expect(existsSync(`${root}rules/${name}.ts`)).toBe(true);
    expect(existsSync(`${root}docs/rules/${name}.md`)).toBe(true);
    const reported = corpusFiles('tests/fixtures').filter(({ text }) => text.includes(`^ ${name}: `));
    expect(reported.length).toBeGreaterThan(5);
  });
});

it('every file in rules is registered', () => {
  const named = readdirSync(`${root}rules`).filter((file) => file !== 'index.ts').map((file) => file.replace(/\.ts$/, ''));
  expect(named.sort()).toEqual(Object.keys(plugin.rules).sort());
});
