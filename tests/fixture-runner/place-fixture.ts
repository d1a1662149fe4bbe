import { cpSync, existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import * as parser from '@typescript-eslint/parser';
import type { ProjectPlace } from '../../src/analysis/linked-models.ts';
import { projectOf } from '../../src/rule/project-of.ts';
import { fixturesFolder } from './find-fixtures.ts';
import { sourceTypeOf } from './parse-fixture.ts';

/** Where a fixture of several files was put. */
export interface FixturePlace {
  /** The project: the folder of the fixture alone. */
  readonly root: string;
  /** Its `main` file. */
  readonly file: string;
}

let folder: string | undefined;
const places = new Map<string, FixturePlace>();

/**
 * Puts a fixture of several files (`other-files/<name>/…/main.ts`) where it is a project of its own and no test, and says where;
 * undefined for a fixture of one file, which stands alone.
 */
export function placeFixture(path: string): FixturePlace | undefined {
  const name = /^other-files\/[^/]+/.exec(path)?.[0];
  if (name === undefined) return undefined;
  let place = places.get(path);
  if (place === undefined) {
    if (folder === undefined) {
      folder = realpathSync(mkdtempSync(join(tmpdir(), 'connection-leaks-fixtures-')));
      const made = folder;
      process.once('exit', () => rmSync(made, { recursive: true, force: true }));
    }
    const root = join(folder, name);
    cpSync(join(fixturesFolder, name), root, { recursive: true });
    if (!existsSync(join(root, 'package.json'))) writeFileSync(join(root, 'package.json'), '{}');
    place = { root, file: join(root, relative(name, dirname(path)), path.slice(path.lastIndexOf('/') + 1)) };
    places.set(path, place);
  }
  return place;
}

/** The project of a fixture of several files, as the rules see it. */
export function projectOfFixture(path: string): ProjectPlace | undefined {
  const place = placeFixture(path);
  return place && projectOf({ path: place.file, cwd: place.root, choice: { parser, sourceType: sourceTypeOf(path) }, root: undefined });
}
