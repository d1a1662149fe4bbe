/** Which file a specifier names: every way of writing it, on small trees. */
import enhancedResolve from 'enhanced-resolve';
import { describe, expect, it } from 'vitest';
import { findProjectRoot } from '../../src/project/find-project-root.ts';
import { createModuleResolver } from '../../src/project/module-resolver.ts';
import { restrictFiles } from '../../src/project/restrict-files.ts';
import { nodeFiles } from '../../src/rule/node-files.ts';
import { temporaryTree, type TemporaryTree } from './temporary-tree.ts';

const files = nodeFiles()!;

/** What each specifier names in the file `from`, below the tree. */
function resolveAll(tree: TemporaryTree, from: string, specifiers: readonly string[], root = ''): Record<string, string | undefined> {
  const path = tree.at(root).replace(/\/$/, '');
  const resolver = createModuleResolver({ files: restrictFiles(files, path), root: path, factory: enhancedResolve.ResolverFactory });
  return Object.fromEntries(specifiers.map((specifier) => [specifier, tree.below(resolver.resolve(tree.at(from), specifier))]));
}

describe('relative paths', () => {
  it('find files with and without extensions, and index files', () => {
    const tree = temporaryTree({
      'src/main.ts': '',
      'src/db.ts': '',
      'src/old.js': '',
      'src/esm.mts': '',
      'src/cjs.cts': '',
      'src/view.tsx': '',
      'src/pool/index.ts': '',
      'src/legacy/index.js': '',
      'src/types.d.ts': '',
      'src/both.js': '',
      'src/both.d.ts': '',
      'lib/outer.ts': '',
    });
    expect(
      resolveAll(tree, 'src/main.ts', [
        './db', './db.js', './db.ts', './old', './old.js', './esm.mjs', './cjs.cjs', './view', './view.js', './pool', './pool/', './pool/index.js', './legacy', '../lib/outer', '.', './types', './both', './missing',
      ]),
    ).toEqual({
      './db': 'src/db.ts',
      './db.js': 'src/db.ts',
      './db.ts': 'src/db.ts',
      './old': 'src/old.js',
      './old.js': 'src/old.js',
      './esm.mjs': 'src/esm.mts',
      './cjs.cjs': 'src/cjs.cts',
      './view': 'src/view.tsx',
      './view.js': 'src/view.tsx',
      './pool': 'src/pool/index.ts',
      './pool/': 'src/pool/index.ts',
      './pool/index.js': 'src/pool/index.ts',
      './legacy': 'src/legacy/index.js',
      '../lib/outer': 'lib/outer.ts',
      '.': undefined,
      './types': 'src/types.d.ts',
      './both': 'src/both.js',
      './missing': undefined,
    });
  });

  it('name no module where there is no source', () => {
    const tree = temporaryTree({ 'main.ts': '', 'data.json': {}, 'view.vue': '', 'folder/other.ts': '' });
    expect(resolveAll(tree, 'main.ts', ['./data.json', './view.vue', './folder', 'node:fs', 'fs', 'https://deno.land/x/db.ts', '', '\0virtual', '/etc/passwd'])).toEqual({
      './data.json': undefined, './view.vue': undefined, './folder': undefined, 'node:fs': undefined, fs: undefined, 'https://deno.land/x/db.ts': undefined, '': undefined, '\0virtual': undefined, '/etc/passwd': undefined,
    });
  });
});

describe('tsconfig', () => {
  it('gives paths, with comments in the file, and falls through when they lead nowhere', () => {
    const tree = temporaryTree({
      'tsconfig.json': '{ // aliases\n "compilerOptions": { "paths": { "@/*": ["./src/*"], "db": ["./src/db/pool.ts"], "@gone/*": ["./gone/*"], }, }, }',
      'src/main.ts': '',
      'src/db/pool.ts': '',
      'src/routes/index.ts': '',
    });
    expect(resolveAll(tree, 'src/routes/index.ts', ['@/db/pool', '@/db/pool.js', '@/routes', 'db', '@gone/x', '@/nothing'])).toEqual({
      '@/db/pool': 'src/db/pool.ts',
      '@/db/pool.js': 'src/db/pool.ts',
      '@/routes': 'src/routes/index.ts',
      db: 'src/db/pool.ts',
      '@gone/x': undefined,
      '@/nothing': undefined,
    });
  });

  it('gives baseUrl, of the nearest configuration and of what it extends', () => {
    const tree = temporaryTree({
      'tsconfig.base.json': { compilerOptions: { baseUrl: '.', paths: { '@acme/*': ['libs/*/src'] } } },
      'apps/api/tsconfig.json': { extends: ['../../tsconfig.base.json'] },
      'apps/api/src/main.ts': '',
      'apps/web/tsconfig.json': { compilerOptions: { baseUrl: './src' } },
      'apps/web/src/main.ts': '',
      'apps/web/src/db/pool.ts': '',
      'libs/db/src/index.ts': '',
    });
    expect(resolveAll(tree, 'apps/api/src/main.ts', ['@acme/db', 'libs/db/src', 'db/pool'])).toEqual({
      '@acme/db': 'libs/db/src/index.ts',
      'libs/db/src': 'libs/db/src/index.ts',
      'db/pool': undefined,
    });
    expect(resolveAll(tree, 'apps/web/src/main.ts', ['db/pool', '@acme/db'])).toEqual({ 'db/pool': 'apps/web/src/db/pool.ts', '@acme/db': undefined });
  });

  it('is found when a dependency, a missing file or a file outside the project is extended', () => {
    const own = { compilerOptions: { paths: { '#/*': ['./src/*'] } } };
    const tree = temporaryTree({
      'tsconfig.outside.json': { compilerOptions: { paths: { 'outside/*': ['./repo/src/*'] } } },
      'repo/tsconfig.json': { extends: ['@tsconfig/node20/tsconfig.json', '../tsconfig.outside.json'], ...own },
      'repo/node_modules/@tsconfig/node20/package.json': { name: '@tsconfig/node20' },
      'repo/node_modules/@tsconfig/node20/tsconfig.json': { compilerOptions: { paths: { 'dependency/*': ['../../../src/*'] } } },
      'repo/src/db.ts': '',
    });
    expect(resolveAll(tree, 'repo/src/main.ts', ['#/db', 'outside/db', 'dependency/db'], 'repo')).toEqual({ '#/db': 'repo/src/db.ts', 'outside/db': undefined, 'dependency/db': undefined });
  });

  it('may be a jsconfig, and may be broken', () => {
    const tree = temporaryTree({
      'a/jsconfig.json': { compilerOptions: { paths: { '~/*': ['./lib/*'] } } },
      'a/lib/db.js': '',
      'b/tsconfig.json': '{ "compilerOptions": { "paths": ',
      'b/db.ts': '',
    });
    expect(resolveAll(tree, 'a/main.js', ['~/db'])).toEqual({ '~/db': 'a/lib/db.js' });
    expect(resolveAll(tree, 'b/main.ts', ['./db', '~/db'])).toEqual({ './db': 'b/db.ts', '~/db': undefined });
  });
});

describe('package.json', () => {
  it('gives imports, also through conditions, patterns and names of output', () => {
    const tree = temporaryTree({
      'package.json': {
        name: 'service',
        imports: { '#db': './src/db.js', '#pool/*': './src/pool/*.js', '#env': { browser: './src/browser.js', default: './src/node.js' }, '#built': './dist/built.js', '#pg': 'pg' },
        exports: { '.': './src/index.js', './db': './src/db.js' },
      },
      'src/main.ts': '',
      'src/index.ts': '',
      'src/db.ts': '',
      'src/pool/read.ts': '',
      'src/browser.ts': '',
      'src/node.ts': '',
      'src/built.ts': '',
      'dist/built.js': '',
    });
    expect(resolveAll(tree, 'src/main.ts', ['#db', '#pool/read', '#env', '#built', '#pg', '#unknown', 'service', 'service/db', 'service/src/db.js'])).toEqual({
      '#db': 'src/db.ts',
      '#pool/read': 'src/pool/read.ts',
      '#env': 'src/node.ts',
      '#built': 'src/built.ts',
      '#pg': undefined,
      '#unknown': undefined,
      service: 'src/index.ts',
      'service/db': 'src/db.ts',
      'service/src/db.js': undefined,
    });
  });

  it('may be broken', () => {
    const tree = temporaryTree({ 'package.json': '{ "name": ', 'main.js': '', 'db.js': '' });
    expect(resolveAll(tree, 'main.js', ['./db', '#db', 'pkg'])).toEqual({ './db': 'db.js', '#db': undefined, pkg: undefined });
  });
});

const PACKAGES = {
  'packages/db/package.json': { name: '@acme/db', main: './dist/index.js', types: './dist/index.d.ts' },
  'packages/db/src/index.ts': '',
  'packages/db/src/pool.ts': '',
  'packages/core/package.json': { name: '@acme/core', exports: { '.': { types: './dist/index.d.ts', import: './dist/esm/index.js', require: './dist/cjs/index.js' }, './*': './dist/esm/*.js', './internal': null } },
  'packages/core/src/index.ts': '',
  'packages/core/src/tx.ts': '',
  'packages/core/src/internal.ts': '',
  'packages/plain/package.json': { name: 'plain' },
  'packages/plain/index.js': '',
  'packages/plain/lib/query.js': '',
  'packages/skipped/package.json': { name: 'skipped' },
  'packages/skipped/index.js': '',
  'apps/api/package.json': { name: 'api' },
  'apps/api/src/main.ts': '',
};
const SPECIFIERS = ['@acme/db', '@acme/db/src/pool', '@acme/core', '@acme/core/tx', '@acme/core/internal', 'plain', 'plain/lib/query', 'skipped', 'express'];
const RESOLVED = {
  '@acme/db': 'packages/db/src/index.ts',
  '@acme/db/src/pool': 'packages/db/src/pool.ts',
  '@acme/core': 'packages/core/src/index.ts',
  '@acme/core/tx': 'packages/core/src/tx.ts',
  '@acme/core/internal': undefined,
  plain: 'packages/plain/index.js',
  'plain/lib/query': 'packages/plain/lib/query.js',
  skipped: undefined,
  express: undefined,
};

describe('packages of the workspace', () => {
  it('are found through their links in node_modules; other dependencies are no part of the project', () => {
    const tree = temporaryTree({ ...PACKAGES, 'node_modules/express/package.json': { name: 'express', main: 'index.js' }, 'node_modules/express/index.js': '' });
    for (const name of ['db', 'core']) tree.link(`node_modules/@acme/${name}`, `packages/${name}`);
    tree.link('apps/api/node_modules/plain', 'packages/plain');
    expect(resolveAll(tree, 'apps/api/src/main.ts', SPECIFIERS)).toEqual(RESOLVED);
  });

  it.each([
    ['npm', { 'package.json': { workspaces: ['apps/*', 'packages/*', '!packages/skipped'] } }],
    ['yarn', { 'package.json': { workspaces: { packages: ['./apps/**', 'packages/{db,core,plain}'] } } }],
    ['pnpm', { 'pnpm-workspace.yaml': "# all\npackages:\n  - 'apps/*'\n  - packages/* # libraries\n  - \"!packages/skipped\"\ncatalog:\n  pg: ^8.0.0\n" }],
    ['pnpm in one line', { 'pnpm-workspace.yaml': 'packages: ["apps/*", "packages/*", "!**/skipped"]\n' }],
    ['lerna', { 'lerna.json': { packages: ['packages/db', 'packages/core', 'packages/pl*n'] } }],
  ])('are found by the manifest of %s when they are not installed', (_name, manifest) => {
    expect(resolveAll(temporaryTree({ ...PACKAGES, ...manifest }), 'apps/api/src/main.ts', SPECIFIERS)).toEqual(RESOLVED);
  });

  it('are read from their sources whether they are built or not', () => {
    const tree = temporaryTree({ ...PACKAGES, 'package.json': { workspaces: ['packages/*'] } });
    const before = resolveAll(tree, 'apps/api/src/main.ts', ['@acme/db', '@acme/core', '@acme/core/tx']);
    tree.write({ 'packages/db/dist/index.js': '', 'packages/db/dist/index.d.ts': '', 'packages/core/dist/esm/index.js': '', 'packages/core/dist/esm/tx.js': '' });
    expect(resolveAll(tree, 'apps/api/src/main.ts', ['@acme/db', '@acme/core', '@acme/core/tx'])).toEqual(before);
  });

  it('are read from their output when no source lies beside it', () => {
    const tree = temporaryTree({ 'package.json': { workspaces: ['packages/*'] }, 'packages/a/package.json': { name: 'a', main: 'dist/a.js' }, 'packages/a/dist/a.js': '' });
    expect(resolveAll(tree, 'main.js', ['a'])).toEqual({ a: 'packages/a/dist/a.js' });
  });
});

describe('what lies outside the project', () => {
  it('is not found, through whatever path', () => {
    const tree = temporaryTree({ 'outside.ts': '', 'package.json': { workspaces: ['packages/*'] }, 'packages/out/package.json': { name: 'out' }, 'packages/out/index.ts': '', 'repo/main.ts': '', 'repo/tsconfig.json': { compilerOptions: { paths: { up: ['../outside.ts'] } } } });
    tree.link('repo/linked', 'packages/out');
    tree.link('repo/node_modules/out', 'packages/out');
    expect(resolveAll(tree, 'repo/main.ts', ['../outside', 'up', './linked', 'out'], 'repo')).toEqual({ '../outside': undefined, up: undefined, './linked': undefined, out: undefined });
  });

  it('is not read but for the package.json of dependencies', () => {
    const tree = temporaryTree({
      'package.json': { name: 'above' },
      'node_modules/hoisted/package.json': { name: 'hoisted', main: 'main.js' },
      'node_modules/hoisted/main.js': '',
      'repo/package.json': { name: 'repo' },
      'repo/node_modules/near/package.json': { name: 'near', exports: './near.js' },
      'repo/node_modules/near/near.js': '',
      'repo/db.ts': '',
    });
    const read: string[] = [];
    const watched = restrictFiles({ ...files, read: (path) => {
      const text = files.read(path);
      if (text !== undefined) read.push(tree.below(path)!);
      return text;
    } }, tree.at('repo'));
    const resolver = createModuleResolver({ files: watched, root: tree.at('repo'), factory: enhancedResolve.ResolverFactory });
    for (const specifier of ['./db', 'hoisted', 'near', 'missing']) resolver.resolve(tree.at('repo/main.ts'), specifier);
    expect([...new Set(read)].sort()).toEqual(['node_modules/hoisted/package.json', 'repo/node_modules/near/package.json', 'repo/package.json']);
  });
});

it('a new, a moved and a removed file are seen after a moment', () => {
  const tree = temporaryTree({ 'main.ts': '', 'db.js': '' });
  let time = 0;
  const resolver = createModuleResolver({ files: restrictFiles(files, tree.directory), root: tree.directory, factory: enhancedResolve.ResolverFactory, now: () => time });
  const resolve = (): (string | undefined)[] => ['./db', './pool'].map((specifier) => tree.below(resolver.resolve(tree.at('main.ts'), specifier)));
  expect(resolve()).toEqual(['db.js', undefined]);
  tree.write({ 'db.ts': '', 'pool.ts': '' });
  time += 5000;
  expect(resolve()).toEqual(['db.ts', 'pool.ts']);
  tree.remove('pool.ts');
  time += 5000;
  expect(resolve()).toEqual(['db.ts', undefined]);
});

describe('the root', () => {
  const rootOf = (tree: TemporaryTree, directory: string): string | undefined => tree.below(findProjectRoot(files, tree.at(directory)));

  it.each([
    ['workspaces in a package.json', { 'repo/package.json': { workspaces: [] } }],
    ['pnpm-workspace.yaml', { 'repo/pnpm-workspace.yaml': '' }],
    ['lerna.json', { 'repo/lerna.json': {} }],
    ['nx.json', { 'repo/nx.json': {} }],
    ['turbo.json', { 'repo/turbo.json': {}, 'repo/packages/db/turbo.json': { extends: ['//'] } }],
    ['a repository', { 'repo/.git/HEAD': '' }],
    ['a worktree of a repository', { 'repo/.git': 'gitdir: elsewhere' }],
  ])('is marked by %s', (_name, marker) => {
    expect(rootOf(temporaryTree({ 'package.json': { workspaces: [] }, 'repo/packages/db/package.json': {}, 'repo/packages/db/src/db.ts': '', ...marker }), 'repo/packages/db/src')).toBe('repo');
  });

  it('is the nearest package where nothing marks it', () => {
    expect(rootOf(temporaryTree({ 'package.json': {}, 'api/package.json': {}, 'api/src/db.ts': '' }), 'api/src')).toBe('api');
  });
});
