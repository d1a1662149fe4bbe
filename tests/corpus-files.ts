/** Source files that are there anyway: input for tests that want real programs. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { SourceOptions } from './model-of-source.ts';

const root = fileURLToPath(new URL('../', import.meta.url));

export interface CorpusFile {
  /** Path below the project, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly options: SourceOptions;
}

/** The JavaScript and TypeScript files below `folder` of the project, in a fixed order. */
export function corpusFiles(folder: string): CorpusFile[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    // tests/live has libraries of its own.
    .filter((path) => !path.includes('/node_modules/'))
    .sort()
    .map((path) => ({
      path,
      text: readFileSync(join(root, path), 'utf8'),
      options: { sourceType: /\.c[jt]s$/.test(path) ? 'commonjs' : 'module', jsx: /x$/.test(path) },
    }));
}
