/** All fixtures as packages in one folder, as a linter on the command line finds them. */
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { findFixtures, fixturesFolder } from '../fixture-runner/find-fixtures.ts';
import { parseFixture } from '../fixture-runner/parse-fixture.ts';

/** Fixtures with the same settings. */
export interface FixtureGroup {
  /** For `settings['connection-leaks']`; undefined: none. */
  readonly settings: Readonly<Record<string, unknown>> | undefined;
  /** Folders below the one that the fixtures were written to, with `/`. */
  readonly folders: readonly string[];
}

/**
 * Writes every fixture into `folder`, each as a package of its own so that none sees another, and says which settings each needs. A fixture of one file
 * lies in `src/` of its package: where a file lies may decide whether it is judged, and fixtures are never tests.
 */
export function writeFixtureWorkspace(folder: string): FixtureGroup[] {
  const groups = new Map<string, { settings: FixtureGroup['settings']; folders: string[] }>();
  for (const path of findFixtures()) {
    const several = /^other-files\/[^/]+/.exec(path)?.[0];
    const place = several ?? path;
    if (several === undefined) {
      mkdirSync(join(folder, place, 'src'), { recursive: true });
      cpSync(join(fixturesFolder, path), join(folder, place, 'src', basename(path)));
    } else {
      cpSync(join(fixturesFolder, several), join(folder, place), { recursive: true });
    }
    if (!existsSync(join(folder, place, 'package.json'))) writeFileSync(join(folder, place, 'package.json'), '{}');
    const { settings } = parseFixture(path, readFileSync(join(fixturesFolder, path), 'utf8'));
    const key = JSON.stringify(settings);
    const group = groups.get(key) ?? { settings, folders: [] };
    group.folders.push(place);
    groups.set(key, group);
  }
  // A folder with several `main` files is one package all the same.
  return [...groups.values()].map(({ settings, folders }) => ({ settings, folders: [...new Set(folders)] }));
}

/** How many reports stand in the fixtures, in those files that are judged there: what a run over all of them cannot fall below. */
export function countAnnotations(): number {
  const reports = /^\/\/ *\^+ (?:[a-z]+-)+[a-z]+: /gm;
  return findFixtures().reduce((sum, path) => sum + (readFileSync(join(fixturesFolder, path), 'utf8').match(reports)?.length ?? 0), 0);
}

