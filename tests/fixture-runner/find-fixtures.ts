import { readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds the fixtures, one folder per topic. */
export const fixturesFolder = fileURLToPath(new URL('../fixtures/', import.meta.url));

/** All fixtures as paths below `fixturesFolder`, with `/`, in a fixed order. A fixture of several files is its `main` file. */
export function findFixtures(): string[] {
  return readdirSync(fixturesFolder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => relative(fixturesFolder, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .filter((path) => !path.startsWith('other-files/') || /\/(?:fn\.|fp\.)?main\.[^/]+$/.test(path))
    .sort();
}
