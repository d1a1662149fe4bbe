import type { FileAccess } from './file-access.ts';
import { baseName, isDependency, isInside } from './path.ts';

/**
 * The files that may be read: those of the project below `root`, and the package.json of its dependencies, which may lie above the root.
 * Everything else is as if it were not there; but a configuration elsewhere that one of the project extends is as if it were empty.
 */
export function restrictFiles(files: FileAccess, root: string): FileAccess {
  const isOwn = (path: string): boolean => isInside(path, root) && !isDependency(path);
  const isForeignConfiguration = (path: string): boolean => !isOwn(path) && path.endsWith('.json') && baseName(path) !== 'package.json';
  return {
    stat: (path) => (isOwn(path) || isDependency(path) || isForeignConfiguration(path) ? files.stat(path) : undefined),
    read: (path) => {
      if (isOwn(path) || (isDependency(path) && baseName(path) === 'package.json')) return files.read(path);
      return isForeignConfiguration(path) && files.stat(path)?.isFile === true ? '{}' : undefined;
    },
    filesIn: (directory) => (isOwn(directory) ? files.filesIn(directory) : []),
    directoriesIn: (directory) => (isOwn(directory) ? files.directoriesIn(directory) : []),
    realPath: (path) => files.realPath(path),
  };
}
