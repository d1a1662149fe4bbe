/** What is said of a file does not depend on which files were linted before it. */
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { parserOf } from '../project/parsers.ts';
import { temporaryTree } from '../project/temporary-tree.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures/other-files');

/** Lints the files of a fresh copy of the project at `folder`, in the order that `arrange` gives. */
function lintInOrder(folder: string, arrange: (paths: readonly string[]) => readonly string[]): Record<string, readonly string[]> {
  const paths = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => statSync(join(folder, path)).isFile()).sort();
  // A new root each time: nothing is kept from one order to the next.
  const tree = temporaryTree({ 'package.json': {}, ...Object.fromEntries(paths.map((path) => [path, readFileSync(join(folder, path), 'utf8')])) });
  const linter = new Linter({ configType: 'flat', cwd: tree.directory });
  const found: Record<string, readonly string[]> = {};
  for (const path of arrange(paths.filter((one) => /\.[cm]?[jt]s$/.test(one)))) {
    const config: Linter.Config[] = [
      { files: ['**/*.{js,cjs,ts}'], languageOptions: { parser: parserOf('@typescript-eslint/parser') as Linter.Parser, sourceType: path.endsWith('.cjs') ? 'commonjs' : 'module' } },
      plugin.configs.recommended as unknown as Linter.Config,
    ];
    found[path] = linter.verify(tree.read(path), config, { filename: tree.at(path) }).map(({ line, column, message }) => `${String(line)}:${String(column)} ${message}`);
  }
  return Object.fromEntries(Object.entries(found).sort(([left], [right]) => (left < right ? -1 : 1)));
}

/** A fixed order that is neither the sorted one nor its reverse. */
function mixed(paths: readonly string[]): readonly string[] {
  return [...paths].sort((left, right) => hash(left) - hash(right));
}

function hash(text: string): number {
  return [...text].reduce((sum, character) => (sum * 31 + character.charCodeAt(0)) % 1009, 7);
}

describe.each(readdirSync(FIXTURES))('the project %s', (name) => {
  it('is judged alike in every order of its files', () => {
    const folder = join(FIXTURES, name);
    const sorted = lintInOrder(folder, (paths) => paths);
    // A project in which nothing is wrong has no findings; the others have some.
    const isGuilty = Object.keys(sorted).some((path) => /Bad\b/.test(readFileSync(join(folder, path), 'utf8')));
    expect(Object.values(sorted).flat().length > 0, relative(FIXTURES, folder)).toBe(isGuilty);
    expect(lintInOrder(folder, (paths) => [...paths].reverse())).toEqual(sorted);
    expect(lintInOrder(folder, mixed)).toEqual(sorted);
    // A file that is linted alone.
    for (const path of Object.keys(sorted)) expect(lintInOrder(folder, () => [path])[path]).toEqual(sorted[path]);
  });
});
