import type { FileAccess } from './file-access.ts';
import { joinPath } from './path.ts';

const SOURCE = /\.(?:[cm]?[jt]s|[jt]sx)$/;
const DECLARATION = /\.d\.[cm]?ts$/;

/** The JavaScript and TypeScript files below `directory`, sorted; without dependencies, hidden folders and declarations. */
export function* listSourceFiles(files: FileAccess, directory: string): Generator<string> {
  for (const name of files.filesIn(directory)) if (SOURCE.test(name) && !DECLARATION.test(name)) yield joinPath(directory, name);
  for (const name of files.directoriesIn(directory)) {
    if (name !== 'node_modules' && !name.startsWith('.')) yield* listSourceFiles(files, joinPath(directory, name));
  }
}
