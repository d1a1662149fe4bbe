/** Paths as strings, with either separator: the engine imports nothing of Node. */

/** The directory that `path` lies in; a root is its own. */
export function directoryOf(path: string): string {
  const end = Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'));
  if (end < 0) return path;
  // `/a` lies in `/`, `C:\a` in `C:\`.
  const isBelowRoot = end === 0 || (end === 2 && path[1] === ':');
  return isBelowRoot ? path.slice(0, end + 1) : path.slice(0, end);
}

/** The name of a file or directory without where it lies. */
export function baseName(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

/** `directory` and what lies in it under `name`. */
export function joinPath(directory: string, name: string): string {
  return /[/\\]$/.test(directory) ? `${directory}${name}` : `${directory}/${name}`;
}

/** The path that `relative` names in `directory`; an absolute one names itself. */
export function resolvePath(directory: string, relative: string): string {
  if (/^(?:[/\\]|[a-zA-Z]:)/.test(relative)) return relative;
  let path = directory;
  for (const segment of relative.split(/[/\\]/)) {
    if (segment === '..') path = directoryOf(path);
    else if (segment !== '' && segment !== '.') path = joinPath(path, segment);
  }
  return path;
}

/** `path` itself, the directory it lies in, and so on up to the root. */
export function* pathsUpwards(path: string): Generator<string> {
  for (let at = path; ; ) {
    yield at;
    const parent = directoryOf(at);
    if (parent === at) return;
    at = parent;
  }
}

/** Whether `path` is `directory` or lies in it, at any depth. */
export function isInside(path: string, directory: string): boolean {
  if (!path.startsWith(directory)) return false;
  return path.length === directory.length || /[/\\]$/.test(directory) || path[directory.length] === '/' || path[directory.length] === '\\';
}

/** Whether `path` lies among the installed dependencies. */
export function isDependency(path: string): boolean {
  return /[/\\]node_modules(?:[/\\]|$)/.test(path);
}
