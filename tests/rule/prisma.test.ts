/** PrismaClients in several files, through ESLint: the same whatever is linted, and in which order. */
import { createRequire } from 'node:module';
import * as parser from '@typescript-eslint/parser';
import { Linter } from 'eslint';
import { describe, expect, it } from 'vitest';
import plugin from '../../rules/index.ts';
import { temporaryTree, type TemporaryTree } from '../project/temporary-tree.ts';

const require = createRequire(import.meta.url);
const MADE = "import { PrismaClient } from '@prisma/client';\nexport const prisma = new PrismaClient();\n";
const FILES = {
  'package.json': { dependencies: { '@prisma/client': '6' } },
  'src/server.ts': "import './a'; import './b'; import './c'; app.listen(1);",
  'src/a.ts': MADE,
  'src/b.ts': `import './c';\n${MADE}`,
  'src/c.ts': MADE,
  'src/scripts/d.ts': MADE,
};

interface Lint {
  readonly settings?: object;
  readonly code?: string;
  readonly text?: string;
  readonly Linter?: typeof Linter;
}

/** What is reported in `file` of the tree: the line, and the other file that is named. */
function lint(tree: TemporaryTree, file: string, { settings = {}, code = 'services', text, Linter: Chosen = Linter }: Lint = {}): string[] {
  const linter = new Chosen({ configType: 'flat', cwd: tree.directory });
  const config = {
    files: ['**/*.ts'],
    languageOptions: { parser },
    plugins: { 'connection-leaks': plugin as never },
    rules: { 'connection-leaks/no-multiple-prisma-clients': ['error' as const, { code }] as never },
    settings: { 'connection-leaks': settings },
  };
  const messages = linter.verify(text ?? (FILES as Record<string, unknown>)[file] as string, [config], { filename: tree.at(file) });
  return messages.map(({ line, message }) => `${String(line)} ${/in (\S+) \(line/.exec(message)?.[1] ?? message}`);
}

describe('several clients', () => {
  const files = ['src/a.ts', 'src/b.ts', 'src/c.ts', 'src/server.ts', 'src/scripts/d.ts'];
  const expected = { 'src/a.ts': ['2 ./c.ts'], 'src/b.ts': ['3 ./c.ts'], 'src/c.ts': [], 'src/server.ts': [], 'src/scripts/d.ts': [] };

  it.each([files, [...files].reverse(), ['src/b.ts', 'src/scripts/d.ts', 'src/c.ts', 'src/a.ts', 'src/server.ts']])('are the same in any order of the files: %s …', (...order) => {
    const tree = temporaryTree(FILES);
    expect(Object.fromEntries(order.map((file) => [file, lint(tree, file)]))).toEqual(expected);
  });

  it.each(files)('are the same when only %s is linted', (file) => {
    expect(lint(temporaryTree(FILES), file)).toEqual(expected[file as keyof typeof expected]);
  });

  it.each(['eslint-9', 'eslint-8'])('are found under %s', (name) => {
    const older = require(name) as { Linter: typeof Linter };
    expect(lint(temporaryTree(FILES), 'src/a.ts', { Linter: older.Linter })).toEqual(['2 ./c.ts']);
  });

  it('of other files are not seen where each file stands alone', () => {
    expect(lint(temporaryTree(FILES), 'src/a.ts', { settings: { project: false } })).toEqual([]);
  });

  it('are those of the files as they are now', () => {
    const tree = temporaryTree(FILES);
    expect(lint(tree, 'src/a.ts')).toEqual(['2 ./c.ts']);
    tree.write({ 'src/b.ts': '', 'src/c.ts': '' });
    expect(lint(tree, 'src/a.ts')).toEqual([]);
    expect(lint(tree, 'src/a.ts', { text: `${MADE}export const other = new PrismaClient();` })).toHaveLength(1);
  });
});

describe('the setting `prisma`', () => {
  it.each([['src/a.ts'], ['src/a'], ['./src/a.ts']])('names the module with the client of the project: %s', (module) => {
    const tree = temporaryTree(FILES);
    expect(lint(tree, 'src/a.ts', { settings: { prisma: { module } } })).toEqual([]);
    expect(lint(tree, 'src/c.ts', { settings: { prisma: { module } } })).toEqual(['2 ./a.ts']);
  });

  it('may name a module of another package', () => {
    const tree = temporaryTree({
      'package.json': { workspaces: ['packages/*'] },
      'packages/db/package.json': { name: '@shop/db', exports: './index.ts' }, 'packages/db/index.ts': MADE,
      'packages/api/package.json': { name: 'api', dependencies: { '@prisma/client': '6' } }, 'packages/api/main.ts': MADE,
    });
    expect(lint(tree, 'packages/api/main.ts', { text: MADE })).toEqual([]);
    expect(lint(tree, 'packages/api/main.ts', { text: MADE, settings: { prisma: { module: '@shop/db' } } })).toEqual(['2 ../db/index.ts']);
  });

  it.each([
    [{ prisma: 'src/a.ts' }, 'prisma must be an object'],
    [{ prisma: { file: 'x' } }, 'prisma.file is not a known key (known: module)'],
    [{ prisma: { module: 1 } }, 'prisma.module must be the path of a file'],
  ])('says what is wrong with it: %j', (settings, message) => {
    expect(() => lint(temporaryTree(FILES), 'src/a.ts', { settings })).toThrow(message);
  });
});

describe('scripts and tests', () => {
  const text = "import { PrismaClient } from '@prisma/client';\nexport async function load() {\n  const prisma = new PrismaClient();\n  return prisma.user.count();\n}\n";

  it('are judged when all code is, by what they do on each run', () => {
    const tree = temporaryTree(FILES);
    expect(lint(tree, 'src/scripts/d.ts', { text })).toEqual([]);
    expect(lint(tree, 'src/scripts/d.ts', { text, code: 'all' })).toEqual(['3 ../c.ts']);
    expect(lint(tree, 'src/scripts/d.ts', { code: 'all' })).toEqual([]);
  });
});
