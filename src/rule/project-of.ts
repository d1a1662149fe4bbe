/** The project that a file belongs to, as Node and the configured parser show it. */
import type { ProjectPlace } from '../analysis/linked-models.ts';
import { createRequire } from './node-builtins.ts';
import { findProjectRoot } from '../project/find-project-root.ts';
import type { FileAccess } from '../project/file-access.ts';
import { FileTree } from '../project/file-tree.ts';
import { GeneratedClients } from '../project/generated-clients.ts';
import { LintRun } from '../project/lint-run.ts';
import { createModuleResolver, type ModuleResolver, type ResolverFactory } from '../project/module-resolver.ts';
import { PackageVersions } from '../project/package-versions.ts';
import { baseName, directoryOf, isInside, joinPath } from '../project/path.ts';
import { Project } from '../project/project.ts';
import { RecentAnswers } from '../project/recent-answers.ts';
import { restrictFiles } from '../project/restrict-files.ts';
import { SourceFiles } from '../project/source-files.ts';
import { nodeFiles } from './node-files.ts';
import { createSourceParser, parsingChoice, type ParserChoice } from './source-parser.ts';

/** What is kept between analyses, for one root. */
interface RootCache {
  readonly root: string;
  readonly files: FileAccess;
  readonly resolver: ModuleResolver;
  readonly tree: FileTree;
  readonly generated: GeneratedClients;
  readonly versions: PackageVersions;
  /** By the parser and its options. */
  readonly sources: Map<string, KeptSources>;
}

interface KeptSources {
  readonly files: SourceFiles;
  readonly run: LintRun;
}

const identities = new WeakMap<object, number>();
let nextIdentity = 0;
const roots = new Map<string, RootCache>();
const rootOfDirectory = new RecentAnswers<string | undefined>();
const listings = new RecentAnswers<{ readonly directory: string | undefined; readonly names: ReadonlySet<string> }>();
/** Of a configuration, which many files share: what it says of the parser. */
const keyOfChoice = new WeakMap<ParserChoice, string>();

export interface ProjectRequest {
  /** The file that is linted. */
  readonly path: string;
  /** Where the linter runs: what `root` is relative to. */
  readonly cwd: string;
  /** How the file is parsed. */
  readonly choice: ParserChoice;
  /** The root that the user names instead of the one that is found. */
  readonly root: string | undefined;
}

/**
 * The project that the file belongs to, or undefined when it has none: there is no file system, the text has no file (it comes from a pipe), or
 * the file lies in no package.
 */
export function projectOf({ path, cwd, choice, root }: ProjectRequest): ProjectPlace | undefined {
  const files = nodeFiles();
  const real = files && realPathOf(files, path);
  if (files === undefined || real === undefined) return undefined;
  const cache = cacheOf(files, directoryOf(real), cwd, root);
  return cache && { project: openProject(cache, choice, real), path: real };
}

/** `path` without symbolic links: what the file system says of its directory serves all plain files in it. */
function realPathOf(files: FileAccess, path: string): string | undefined {
  const at = directoryOf(path);
  const { directory, names } = listings.answer(at, () => ({ directory: files.realPath(at), names: new Set(files.filesIn(at)) }));
  const name = baseName(path);
  return directory !== undefined && names.has(name) ? joinPath(directory, name) : files.realPath(path);
}

/** The project that `cwd` belongs to, with what lies there. */
export interface ProjectDirectory {
  readonly project: Project;
  readonly files: FileAccess;
  /** `cwd`, without symbolic links. */
  readonly directory: string;
  readonly root: string;
}

/** The project that the directory `cwd` belongs to, as `projectOf` finds it for a file in it. */
export function projectBelow({ cwd, root }: Pick<ProjectRequest, 'cwd' | 'root'>): ProjectDirectory | undefined {
  const files = nodeFiles();
  const directory = files?.realPath(cwd);
  const cache = files && directory !== undefined ? cacheOf(files, directory, cwd, root) : undefined;
  return cache && { project: openProject(cache, {}, undefined), files: cache.files, directory: directory!, root: cache.root };
}

/** The project as one analysis sees it; `path`: the file that is linted. */
function openProject(cache: RootCache, choice: ParserChoice, path: string | undefined): Project {
  const { files, run } = sourcesOf(cache, choice);
  return new Project({ resolver: cache.resolver, sources: files, tree: cache.tree, generated: cache.generated, versions: cache.versions, texts: path === undefined ? undefined : run.textsFor(path) });
}

/** What is kept for the root that `directory` lies below: the one that is named (relative to `cwd`), else the one that is found. */
function cacheOf(files: FileAccess, directory: string, cwd: string, root: string | undefined): RootCache | undefined {
  const named = root === undefined ? undefined : files.realPath(/^(?:[/\\]|[a-zA-Z]:)/.test(root) ? root : joinPath(cwd, root));
  const realRoot = root === undefined ? rootOfDirectory.answer(directory, () => findProjectRoot(files, directory)) : named;
  return realRoot === undefined || !isInside(directory, realRoot) ? undefined : rootCache(files, realRoot);
}

function rootCache(files: FileAccess, root: string): RootCache | undefined {
  let cache = roots.get(root);
  if (cache === undefined) {
    const factory = resolverFactory();
    if (factory === undefined) return undefined;
    const readable = restrictFiles(files, root);
    const tree = new FileTree({ files: readable, root });
    const generated = new GeneratedClients({ files: readable, root, factory, tree });
    cache = { root, files: readable, resolver: createModuleResolver({ files: readable, root, factory }), tree, generated, versions: new PackageVersions({ files: readable, root }), sources: new Map() };
    roots.set(root, cache);
  }
  return cache;
}

/** The library that finds modules; an installation without it works on one file. */
function resolverFactory(): ResolverFactory | undefined {
  try {
    const library = createRequire(import.meta.url)?.('enhanced-resolve') as { ResolverFactory: ResolverFactory } | undefined;
    return library?.ResolverFactory;
  } catch {
    return undefined;
  }
}

function sourcesOf(cache: RootCache, choice: ParserChoice): KeptSources {
  let key = keyOfChoice.get(choice);
  if (key === undefined) {
    key = printOption(parsingChoice(choice));
    keyOfChoice.set(choice, key);
  }
  let sources = cache.sources.get(key);
  if (sources === undefined) {
    sources = { files: new SourceFiles({ files: cache.files, parser: createSourceParser(choice) }), run: new LintRun() };
    cache.sources.set(key, sources);
  }
  return sources;
}

/** A value of a configuration as a text that is the same for equal ones. */
function printOption(value: unknown): string {
  if (isOpaque(value)) return identityOf(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined';
  return `{${Object.entries(value).map(([name, member]) => `${name}:${printOption(member)}`).join()}}`;
}

/** A parser, a plugin of one, a compiled program: what is told apart by which it is. */
function isOpaque(value: unknown): value is object {
  if (typeof value === 'function') return true;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  // Looking at the members of a module calls its getters: once is enough.
  if (identities.has(value)) return true;
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype !== Object.prototype && prototype !== null) || Object.values(value).some((member) => typeof member === 'function');
}

function identityOf(value: object): string {
  let identity = identities.get(value);
  if (identity === undefined) {
    identity = nextIdentity++;
    identities.set(value, identity);
  }
  return `identity ${String(identity)}`;
}
