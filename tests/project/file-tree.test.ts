/** Which files a project consists of, on small trees. */
import { utimesSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { FileTree } from '../../src/project/file-tree.ts';
import { restrictFiles } from '../../src/project/restrict-files.ts';
import { nodeFiles } from '../../src/rule/node-files.ts';
import { temporaryTree, type TemporaryTree } from './temporary-tree.ts';

function treeOf(tree: TemporaryTree, now?: () => number): FileTree {
  return new FileTree({ files: restrictFiles(nodeFiles()!, tree.directory), root: tree.directory, ...(now && { now }) });
}

const below = (tree: TemporaryTree, paths: readonly string[]): (string | undefined)[] => paths.map((path) => tree.below(path));

describe('the sources of a package', () => {
  it('are what somebody wrote: no dependencies, build output, declarations or ignored folders', () => {
    const tree = temporaryTree({
      'package.json': { name: 'app' },
      '.gitignore': '# written by tools\n/generated\nsrc/cache/\n*.log\n!keep\nold\n',
      'src/a.ts': '', 'src/b.jsx': '', 'src/c.mjs': '', 'src/d.cts': '', 'src/types.d.ts': '', 'src/lib.min.js': '', 'src/style.css': '',
      'src/cache/e.ts': '', 'src/generated/f.ts': '', 'generated/g.ts': '', 'node_modules/x/h.ts': '', 'dist/i.js': '', '.next/j.js': '', 'src/old/k.ts': '',
    });
    expect(below(tree, treeOf(tree).sourcesOf(tree.directory))).toEqual(['src/a.ts', 'src/b.jsx', 'src/c.mjs', 'src/d.cts', 'src/generated/f.ts']);
  });

  it('belong to the nearest package, which more than the kind of its modules describes', () => {
    const tree = temporaryTree({
      'package.json': { workspaces: ['packages/*'] }, 'tools.ts': '',
      'packages/a/package.json': { name: 'a' }, 'packages/a/src/package.json': { type: 'module' }, 'packages/a/src/a.ts': '',
      'packages/b/package.json': { dependencies: { pg: '8' } }, 'packages/b/b.ts': '',
    });
    const files = treeOf(tree);
    expect(tree.below(files.packageOf(tree.at('packages/a/src/a.ts')))).toBe('packages/a');
    expect(below(tree, files.sourcesOf(tree.at('packages/a')))).toEqual(['packages/a/src/a.ts']);
    expect(below(tree, files.sourcesOf(tree.directory))).toEqual(['tools.ts']);
    expect([...files.dependenciesOf(tree.at('packages/b'))]).toEqual(['pg']);
  });

  it('are listed anew after a while, where a directory has changed', () => {
    const tree = temporaryTree({ 'package.json': {}, 'src/a.ts': '' });
    let time = Date.now();
    const files = treeOf(tree, () => time);
    expect(files.sourcesOf(tree.directory)).toHaveLength(1);
    tree.write({ 'src/b.ts': '', 'schema.prisma': '' });
    utimesSync(tree.at('src'), new Date(time), new Date(time + 1));
    expect(files.sourcesOf(tree.directory)).toHaveLength(1);
    time += 10_000;
    expect(files.sourcesOf(tree.directory)).toHaveLength(2);
    expect(below(tree, files.schemas)).toEqual(['schema.prisma']);
  });
});
