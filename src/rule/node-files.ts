import type { FileAccess } from '../project/file-access.ts';
import { builtinModule } from './node-builtins.ts';

/** The file system of Node, or undefined where there is none. */
export function nodeFiles(): FileAccess | undefined {
  const fs = builtinModule('node:fs');
  // A bundler for browsers gives an empty module.
  if (typeof fs?.statSync !== 'function') return undefined;
  const entriesIn = (directory: string, isWanted: (entry: { isFile(): boolean; isDirectory(): boolean }) => boolean): string[] => {
    try {
      return fs.readdirSync(directory, { withFileTypes: true }).flatMap((entry) => (isWanted(entry) ? [entry.name] : [])).sort();
    } catch {
      return [];
    }
  };
  return {
    stat: (path) => {
      try {
        const stat = fs.statSync(path, { throwIfNoEntry: false });
        return stat && { isFile: stat.isFile(), isDirectory: stat.isDirectory(), size: stat.size, modified: stat.mtimeMs };
      } catch {
        return undefined;
      }
    },
    read: (path) => {
      try {
        return fs.readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
      } catch {
        return undefined;
      }
    },
    filesIn: (directory) => entriesIn(directory, (entry) => entry.isFile()),
    directoriesIn: (directory) => entriesIn(directory, (entry) => entry.isDirectory()),
    realPath: (path) => {
      try {
        return fs.realpathSync.native(path);
      } catch {
        return undefined;
      }
    },
  };
}
