/** Symbolic links to files that are not there: ESLint takes them for files, and fails where it reads them. */
import { readdirSync, statSync, type Dirent } from 'node:fs';
import { join } from 'node:path';

/** Folders in which nothing is linted. */
const SKIPPED = new Set(['node_modules', '.git', 'dist', 'build', 'out', 'coverage', 'vendor']);

/** The links in `folder` that lead to nothing, as paths relative to it with `/`. What cannot be listed has none. */
export function brokenLinks(folder: string, below = ''): string[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(join(folder, below), { withFileTypes: true });
  } catch {
    return [];
  }
  return entries.flatMap((entry) => {
    const path = below === '' ? entry.name : `${below}/${entry.name}`;
    if (entry.isDirectory()) return SKIPPED.has(entry.name) ? [] : brokenLinks(folder, path);
    return entry.isSymbolicLink() && !leadsSomewhere(join(folder, path)) ? [path] : [];
  });
}

function leadsSomewhere(link: string): boolean {
  try {
    return statSync(link, { throwIfNoEntry: false }) !== undefined;
  } catch {
    // It leads to itself, or through a file.
    return false;
  }
}
