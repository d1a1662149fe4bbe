/** Which file of the project a specifier names. */
import type { ResolverFactory as ResolverFactoryClass, ResolveRequest } from 'enhanced-resolve';
import type { FileAccess } from './file-access.ts';
import { baseName, directoryOf, isDependency, isInside, joinPath } from './path.ts';
import { readJsonObject } from './read-json.ts';
import { NearFiles } from './near-files.ts';
import { RecentAnswers } from './recent-answers.ts';
import { findWorkspacePackages } from './workspace-packages.ts';

export interface ModuleResolver {
  /** The path (without symbolic links) of the file that `specifier` names in `file`; undefined when it is no source file of the project. */
  resolve(file: string, specifier: string): string | undefined;
  /** A number: as long as it is the same, so are all answers. */
  turn(): number;
}

/** The part of the library `enhanced-resolve` that is given in; the engine itself imports nothing. */
export type ResolverFactory = typeof ResolverFactoryClass;
type Resolver = ReturnType<ResolverFactory['createResolver']>;

export interface ModuleResolverInput {
  /** What may be read (`restrict-files.ts`). */
  readonly files: FileAccess;
  /** The root of the project, without symbolic links. */
  readonly root: string;
  readonly factory: ResolverFactory;
  readonly now?: () => number;
}

/** What a source file may be called, in the order in which extensions are tried. A declaration file speaks only where there is no code. */
const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs', '.d.ts', '.d.mts', '.d.cts'];

/** TypeScript's specifiers name the file that the compiler will write. */
const EXTENSION_ALIAS = {
  '.js': ['.ts', '.tsx', '.js', '.jsx', '.d.ts'],
  '.jsx': ['.tsx', '.jsx', '.d.ts'],
  '.mjs': ['.mts', '.mjs', '.d.mts'],
  '.cjs': ['.cts', '.cjs', '.d.cts'],
};

/** Makes a resolver for the project at `root`: relative paths, `paths` and `baseUrl`, `imports`, `exports`, packages of the workspace. */
export function createModuleResolver(input: ModuleResolverInput): ModuleResolver {
  const { files, root } = input;
  const answers = new RecentAnswers<string | undefined>(input.now);
  const workspaces = new RecentAnswers<ReadonlyMap<string, string>>(input.now);
  const near = new NearFiles({ files, root, extensions: EXTENSIONS, aliases: EXTENSION_ALIAS, now: input.now });
  const resolver = createResolver(input.factory, files, input.now);
  const resolveFrom = (directory: string, specifier: string): string | undefined => {
    try {
      const found = resolver.resolveSync({}, directory, specifier);
      return found === false ? undefined : sourceFile(found);
    } catch {
      // Not found, or a manifest or configuration that cannot be read.
      return undefined;
    }
  };
  const sourceFile = (found: string): string | undefined => {
    const path = files.realPath(found.replace(/[?#].*$/, ''));
    if (path === undefined || !isInside(path, root) || isDependency(path)) return undefined;
    return EXTENSIONS.some((extension) => path.endsWith(extension)) ? path : undefined;
  };
  /** A package of the workspace that is not installed: it names itself, as its manifest says what its name stands for. */
  const resolveInWorkspace = (specifier: string): string | undefined => {
    const name = packageName(specifier);
    if (name === undefined) return undefined;
    const directory = workspaces.answer(root, () => findWorkspacePackages(files, root)).get(name);
    if (directory === undefined) return undefined;
    return resolveFrom(directory, specifier) ?? resolveFrom(directory, `./${specifier.slice(name.length + 1)}`);
  };
  return {
    resolve: (file, specifier) => {
      const directory = directoryOf(file);
      if (specifier === '' || specifier.includes('\0') || /^(?:node|data|https?|npm|jsr|bun):/.test(specifier)) return undefined;
      const isRelative = /^\.|^[/\\]|^[a-zA-Z]:/.test(specifier);
      const from = isRelative ? directory : near.scopeOf(directory);
      return answers.answer(`${from}\0${specifier}`, () => {
        const found = near.find(from, specifier);
        return found === undefined ? (resolveFrom(from, specifier) ?? resolveInWorkspace(specifier)) : (found ?? undefined);
      });
    },
    turn: () => answers.turn(),
  };
}

/** The name of the package that a bare specifier begins with. */
function packageName(specifier: string): string | undefined {
  return /^(?:@[\w.~-]+\/)?[\w~-][\w.~-]*(?=\/|$)/.exec(specifier)?.[0];
}

function createResolver(factory: ResolverFactory, files: FileAccess, now: (() => number) | undefined): Resolver {
  const manifests = new RecentAnswers<object | undefined>(now);
  // As bytes: what the library makes of a configuration it keeps with the object that it was given.
  const configurations = new RecentAnswers<Uint8Array | undefined>(now);
  const findConfiguration = (path: string): Uint8Array | undefined => {
    const text = files.read(configurationAt(files, path));
    return text === undefined ? undefined : new TextEncoder().encode(text);
  };
  const stats = new RecentAnswers<object | undefined>(now);
  // One error for all: the library tries many paths that do not exist, and the stack of an error is what costs.
  const notFound = Object.assign(new Error('not found'), { code: 'ENOENT' });
  const found = <Answer>(answer: Answer | undefined): Answer => {
    if (answer === undefined) throw notFound;
    return answer;
  };
  const findStat = (path: string): object | undefined => {
    const stat = files.stat(configurationAt(files, path));
    return stat && { isFile: () => stat.isFile, isDirectory: () => stat.isDirectory };
  };
  const fileSystem = {
    statSync: (path: string) => found(stats.answer(path, () => findStat(path))),
    readFileSync: (path: string) => found(configurations.answer(path, () => findConfiguration(path))),
    // A broken manifest says nothing.
    readJsonSync: (path: string) => found(manifests.answer(path, () => readJsonObject(files, path) ?? (files.stat(path) && {}))),
    readdirSync: () => found<never>(undefined),
    readlinkSync: () => found<never>(undefined),
  };
  return factory.createResolver({
    fileSystem: fileSystem as unknown as Parameters<ResolverFactory['createResolver']>[0]['fileSystem'],
    useSyncFileSystemCalls: true,
    // The path that is found is freed of links at once.
    symlinks: false,
    extensions: EXTENSIONS,
    extensionAlias: EXTENSION_ALIAS,
    extensionAliasForExports: true,
    conditionNames: ['source', 'node', 'import', 'require', 'module-sync', 'default'],
    mainFields: ['source', 'module', 'main'],
    tsconfig: { references: 'auto' },
    plugins: [{ apply: preferSources }],
  });
}

/** A JavaScript project calls it jsconfig.json. */
function configurationAt(files: FileAccess, path: string): string {
  if (baseName(path) !== 'tsconfig.json' || files.stat(path) !== undefined) return path;
  return joinPath(directoryOf(path), 'jsconfig.json');
}

/**
 * The manifest of a package in a workspace names its built output (`dist/index.js`), which may be old or not there. What is analysed is the source
 * of it, so that the verdict does not depend on whether somebody has built.
 */
function preferSources(resolver: Resolver): void {
  const target = resolver.ensureHook('raw-file');
  resolver.getHook('described-relative').tapAsync('preferSources', (request, context, callback) => {
    const source = sourceOfOutput(request);
    if (source === undefined) {
      callback();
      return;
    }
    resolver.doResolve(target, { ...request, ...source, fullySpecified: false }, 'source instead of output', context, (error, found) => {
      if (error) callback(error);
      else if (found) callback(null, found);
      else callback();
    });
  });
}

/** Where the source of an output file would lie: `dist/db.js` or `dist/esm/db.js` → `src/db`. */
function sourceOfOutput(request: ResolveRequest): { path: string; relativePath: string } | undefined {
  const { path, relativePath, descriptionFileRoot } = request;
  if (typeof path !== 'string' || relativePath === undefined || descriptionFileRoot === undefined || isDependency(relativePath)) return undefined;
  const output = /^\.[/\\](?:dist|build|out)[/\\](?:(?:esm|cjs|src)[/\\])?(.+?)(?:\.d)?(?:\.[cm]?[jt]sx?)?$/.exec(relativePath);
  if (output === null) return undefined;
  const below = `src/${output[1]!}`;
  return { path: joinPath(descriptionFileRoot, below), relativePath: `./${below}` };
}
