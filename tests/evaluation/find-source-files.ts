import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const NOT_WRITTEN_BY_HAND = /\.d\.[cm]?ts$|[.-]min\.[cm]?js$|\.bundle\.js$/;
const SKIPPED_FOLDERS = new Set(['node_modules', 'dist', '.git', '.yarn', '.next', 'coverage', 'bower_components']);

/** The JavaScript and TypeScript files below `folder`, sorted; without installed, built and declaration files. */
export function findSourceFiles(folder: string): string[] {
  const found: string[] = [];
  const pending = [folder];
  for (let current = pending.pop(); current !== undefined; current = pending.pop()) {
    for (const entry of readdirSync(current, { withFileTypes: true })) {
      const path = join(current, entry.name);
      if (entry.isDirectory()) {
        if (!SKIPPED_FOLDERS.has(entry.name)) pending.push(path);
      } else if (entry.isFile() && SOURCE.test(entry.name) && !NOT_WRITTEN_BY_HAND.test(entry.name)) {
        found.push(path);
      }
    }
  }
  return found.sort();
}

/** The folders directly below `folder`, sorted: one per repository. */
export function findRepositories(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => !name.startsWith('.') && statSync(join(folder, name)).isDirectory())
    .sort();
}

/** Whether the text is the output of a minifier: a long line on average. */
export function isMinified(text: string): boolean {
  if (text.length < 5000) return false;
  let lines = 1;
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines++;
  return text.length / lines > 400;
}
