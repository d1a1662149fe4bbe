import type { FileAccess } from './file-access.ts';
import { joinPath, pathsUpwards } from './path.ts';
import { readJsonObject } from './read-json.ts';

/** What lies only at the root of a workspace or of a repository. */
const MARKERS = ['.git', '.hg', '.svn', '.jj', 'pnpm-workspace.yaml', 'lerna.json', 'nx.json', 'rush.json'];

/**
 * The root of the project that `directory` belongs to: the nearest directory upwards that is the root of a workspace or of a repository, else the
 * nearest one with a package.json; undefined when there is neither. Nothing outside it is read but the package.json of dependencies.
 */
export function findProjectRoot(files: FileAccess, directory: string): string | undefined {
  let nearest: string | undefined;
  for (const at of pathsUpwards(directory)) {
    const manifest = readJsonObject(files, joinPath(at, 'package.json'));
    if (manifest?.['workspaces'] !== undefined || isMarked(files, at)) return at;
    if (manifest !== undefined) nearest ??= at;
  }
  return nearest;
}

function isMarked(files: FileAccess, directory: string): boolean {
  if (MARKERS.some((name) => files.stat(joinPath(directory, name)) !== undefined)) return true;
  // A package of a workspace may have a turbo.json too, which extends the one of the root.
  const turbo = readJsonObject(files, joinPath(directory, 'turbo.json'));
  return turbo !== undefined && turbo['extends'] === undefined;
}
