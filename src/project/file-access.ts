/** What the project asks of a file system. The adapter to Node is given in (`src/rule/node-files.ts`); where there is none, the engine works on one file. */
export interface FileAccess {
  /** What lies at `path`, or undefined when nothing does. */
  stat(path: string): FileStat | undefined;
  /** The text of a file, without a byte order mark, or undefined when it cannot be read. */
  read(path: string): string | undefined;
  /** The names of the directories in `directory`, sorted. */
  directoriesIn(directory: string): readonly string[];
  /** The names of the files in `directory`, sorted. */
  filesIn(directory: string): readonly string[];
  /** `path` without symbolic links, or undefined when nothing lies there. */
  realPath(path: string): string | undefined;
}

export interface FileStat {
  readonly isFile: boolean;
  readonly isDirectory: boolean;
  /** In bytes. */
  readonly size: number;
  /** Time of the last change, in milliseconds. */
  readonly modified: number;
}
