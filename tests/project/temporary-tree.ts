/** A small tree of files in a temporary directory, for tests of what lies in other files. */
import { mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { onTestFinished } from 'vitest';

export interface TemporaryTree {
  /** The directory of the tree, without symbolic links. */
  readonly directory: string;
  /** The absolute path of a file of the tree. */
  at(path: string): string;
  /** An absolute path as it is below the tree; undefined stays so. */
  below(path: string | undefined): string | undefined;
  /** The text of a file of the tree. */
  read(path: string): string;
  /** Writes files; an object is written as JSON. */
  write(files: Readonly<Record<string, string | object>>): void;
  /** Makes a symbolic link at `path` that leads to `target`. */
  link(path: string, target: string): void;
  remove(path: string): void;
}

/** Writes `files` into a new directory, which is removed when the test is over. */
export function temporaryTree(files: Readonly<Record<string, string | object>>): TemporaryTree {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'connection-leaks-')));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const tree: TemporaryTree = {
    directory,
    at: (path) => join(directory, path),
    below: (path) => path && relative(directory, path),
    read: (path) => readFileSync(join(directory, path), 'utf8'),
    write: (added) => {
      for (const [path, content] of Object.entries(added)) {
        mkdirSync(dirname(tree.at(path)), { recursive: true });
        writeFileSync(tree.at(path), typeof content === 'string' ? content : JSON.stringify(content));
      }
    },
    link: (path, target) => {
      mkdirSync(dirname(tree.at(path)), { recursive: true });
      symlinkSync(tree.at(target), tree.at(path), 'dir');
    },
    remove: (path) => {
      rmSync(tree.at(path), { recursive: true });
    },
  };
  tree.write(files);
  return tree;
}
