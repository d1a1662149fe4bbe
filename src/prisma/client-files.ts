/** The files of a package in which PrismaClients may come to be: told by their text, so that the others need not be parsed. */
import type { ProgramModel } from '../analysis/program-model.ts';
import type { Project } from '../project/project.ts';
import { isGeneratedByPrisma } from '../project/generated-clients.ts';

/** A class that is made into clients, by its text: what it extends has a name with `Prisma` in it. */
const SUBCLASS = /\bclass\s+([\w$]+)\s+extends\s+[\w$.]*Prisma\w*/g;
/** Any function that may construct a client and return it. */
const NAMED_FUNCTION = /\b(?:function\s*\*?\s*([\w$]+)|(?:const|let|var)\s+([\w$]+)\s*(?::[^=]*)?=\s*(?:async\s*)?(?:\(|function\b|[\w$]+\s*=>))/g;
const CONSTRUCTS = /\bnew\b|\bextends\b/;

/** Whether a client may come to be in a file of this text, without regard to what its project defines. Nobody has written a bundle or a generated file. */
export function mayMakeClient(text: string): boolean {
  return /\bPrismaClient\b/.test(text) && CONSTRUCTS.test(text) && !isGeneratedByPrisma(text) && !isBundle(text);
}

/** Whether a text is that of a test, or of what tests are run with: by what it imports. */
export function isTestCode(text: string): boolean {
  return TEST_LIBRARY.test(text);
}

const TEST_LIBRARY = /['"](?:vitest|@?jest(?:[-/][\w/-]+)?|jest-environment-\w+|@jest\/[\w-]+|mocha|chai|node:test|ava|supertest|cypress|@playwright\/test|@testcontainers\/\w+|testcontainers|jest-mock-extended)['"]/;

function isBundle(text: string): boolean {
  return text.length > 20_000 && text.split('\n', text.length / LONG_LINE + 1).length < text.length / LONG_LINE;
}

const LONG_LINE = 300;

/** What a package calls the things that make a client: classes that extend PrismaClient, and functions of the files that construct one. */
export function makersIn(texts: readonly string[]): RegExp | undefined {
  const names = new Set<string>();
  for (const text of texts) {
    for (const [, name] of text.matchAll(SUBCLASS)) if (name !== undefined) names.add(name);
    if (!/\bnew\b[^;\n]*Prisma|\bnew\s+[\w$.]+Client\b/.test(text)) continue;
    for (const [, declared, assigned] of text.matchAll(NAMED_FUNCTION)) names.add((declared ?? assigned)!);
  }
  return names.size === 0 ? undefined : new RegExp(`\\b(?:${[...names].map((name) => name.replaceAll('$', '\\$')).join('|')})\\b`);
}

/** Whether the text of the file at `path` names something of its package that makes a client. Asked of packages that depend on Prisma only. */
export function namesClientMaker(project: Project, path: string, text: string): boolean {
  const directory = project.tree?.packageOf(path);
  if (project.tree === undefined || directory === undefined || !project.tree.dependsOn(directory, /^(?:@prisma\/client|prisma)$/)) return false;
  const makers = makersOf(project, directory);
  return makers?.test(text) === true;
}

const makers = new WeakMap<Project, Map<string, RegExp | undefined>>();

function makersOf(project: Project, directory: string): RegExp | undefined {
  const known = makers.get(project) ?? new Map<string, RegExp | undefined>();
  makers.set(project, known);
  if (!known.has(directory)) {
    const texts = (project.tree?.sourcesOf(directory) ?? []).flatMap((path) => project.textAt(path) ?? []);
    known.set(directory, makersIn(texts.filter(mayMakeClient)));
  }
  return known.get(directory);
}

/** The models of the files of the package at `directory` that may make a client, and that `isCounted`; `root` is the file that is analysed. */
export function clientModelsOf(project: Project, directory: string, root: ProgramModel, isCounted: (path: string) => boolean): readonly ProgramModel[] {
  const texts = new Map<string, string>();
  for (const path of project.tree?.sourcesOf(directory) ?? []) {
    const text = path === root.path ? root.text : project.textAt(path);
    if (text !== undefined && isCounted(path)) texts.set(path, text);
  }
  const first = new Set([...texts].flatMap(([path, text]) => (mayMakeClient(text) ? [path] : [])));
  const makers = makersIn([...first].map((path) => texts.get(path)!));
  const wanted = [...texts].filter(([path, text]) => path === root.path || first.has(path) || (makers?.test(text) === true && !isBundle(text)));
  return wanted.flatMap(([path]) => (path === root.path ? root : (root.family.modelNamed(path) ?? [])));
}
