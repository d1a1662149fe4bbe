/**
 * A program of several files as one text, so that whatever works on a program works on a text: a line `// @file db.ts` starts each file, the
 * files that are imported come first, and the offset of a call is its offset in the whole text. A text without such lines is one file.
 */

export interface ProgramFile {
  readonly path: string;
  readonly source: string;
  /** Where the file starts in the text of the program. */
  readonly base: number;
}

/** The name of the only file of a text without file lines. */
export const SINGLE_FILE = 'main.ts';
const FILE_LINE = /^\/\/ @file (\S+)\n/gm;

/** Has the program file lines? Then what its files import of each other has to be there. */
export function hasFileLines(program: string): boolean {
  return program.includes('// @file ');
}

/** The files of a program, in their order. What stands before the first file line (a comment) belongs to none. */
export function filesOf(program: string): ProgramFile[] {
  if (!hasFileLines(program)) return [{ path: SINGLE_FILE, source: program, base: 0 }];
  const heads = [...program.matchAll(FILE_LINE)];
  return heads.map((head, index) => {
    const base = head.index + head[0].length;
    return { path: head[1] ?? '', source: program.slice(base, heads[index + 1]?.index), base };
  });
}

/** The text of a program; the inverse of `filesOf`. */
export function joinFiles(files: readonly Pick<ProgramFile, 'path' | 'source'>[]): string {
  return files.map(({ path, source }) => `// @file ${path}\n${source}${source.endsWith('\n') ? '' : '\n'}`).join('');
}

/** The file of the program that a specifier names in one of its files, or undefined when it names none. All files lie in one tree. */
export function findProgramFile<File extends { readonly path: string }>(files: readonly File[], importer: string, specifier: string): File | undefined {
  if (!specifier.startsWith('.')) return undefined;
  const steps = importer.split('/').slice(0, -1);
  for (const step of specifier.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '.') steps.push(step);
  }
  const path = steps.join('/');
  const stem = path.replace(/\.js$/, '');
  const names = [path, `${stem}.ts`, `${stem}.cjs`, `${path}/index.ts`];
  for (const name of names) {
    const file = files.find((candidate) => candidate.path === name);
    if (file) return file;
  }
  return undefined;
}
