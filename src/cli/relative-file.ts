import { relative, sep } from 'node:path';

/** `file` as seen from `cwd`, with forward slashes: the same on every system. */
export function relativeFile(file: string, cwd: string): string {
  return relative(cwd, file).split(sep).join('/');
}
