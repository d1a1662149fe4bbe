/** Which files a project consists of. Listed by directories; only what has changed is listed again. */
import type { FileAccess } from './file-access.ts';
import { directoryOf, isInside, joinPath, pathsUpwards } from './path.ts';
import { readJsonObject } from './read-json.ts';
import { RecentAnswers } from './recent-answers.ts';

/** Directories of dependencies, and of what build tools write. */
const SKIPPED = new Set([
  'node_modules', 'bower_components', 'jspm_packages', 'vendor', 'dist', 'build', 'out', 'output', 'coverage', 'lib-cov', 'tmp', 'temp',
]);
const SOURCE_FILE = /(?<!\.d)\.[cm]?tsx?$|(?<!\.min)\.[cm]?jsx?$/;
const SCHEMA_FILE = /\.prisma$/;
/** More than this is no project that anybody wrote, or a root that was found too high up: then nothing is known of it. */
const MOST_DIRECTORIES = 20_000;
/** A directory that was changed so shortly before it was listed may have been changed again in the same tick of the file system's clock. */
const RACY = 2000;

interface Listing {
  readonly modified: number;
  readonly listedAt: number;
  readonly directories: readonly string[];
  readonly files: readonly string[];
}

/** The files of a project that somebody wrote, by their kind, each list sorted. */
interface TreeFiles {
  readonly sources: readonly string[];
  readonly schemas: readonly string[];
}

const NOTHING: TreeFiles = { sources: [], schemas: [] };

export interface FileTreeInput {
  /** What may be read (`restrict-files.ts`). */
  readonly files: FileAccess;
  /** The root of the project, without symbolic links. */
  readonly root: string;
  readonly now?: () => number;
}

/** The files of the project at `root`: without dependencies, hidden directories, build output, and what `.gitignore` names in plain words. */
export class FileTree {
  private readonly listings = new Map<string, Listing>();
  private readonly trees: RecentAnswers<TreeFiles>;
  private readonly packages: RecentAnswers<string | undefined>;
  private readonly sources: RecentAnswers<readonly string[]>;
  private readonly dependencies: RecentAnswers<ReadonlySet<string>>;
  private readonly files: FileAccess;
  private readonly root: string;
  private readonly now: () => number;

  constructor(input: FileTreeInput) {
    this.files = input.files;
    this.root = input.root;
    this.now = input.now ?? Date.now;
    this.trees = new RecentAnswers(input.now);
    this.packages = new RecentAnswers(input.now);
    this.dependencies = new RecentAnswers(input.now);
    this.sources = new RecentAnswers(input.now);
  }

  /** The Prisma schemas of the project. */
  get schemas(): readonly string[] {
    return this.tree.schemas;
  }

  /** The directory of the nearest package.json that describes a package, at or above `path`, inside the project. */
  packageOf(path: string): string | undefined {
    const directory = directoryOf(path);
    return this.packages.answer(directory, () => {
      for (const at of pathsUpwards(directory)) {
        if (!isInside(at, this.root)) return undefined;
        if (this.describesPackage(at)) return at;
      }
      return undefined;
    });
  }

  /** The source files of the package at `directory`; those of packages inside it are not its own. */
  sourcesOf(directory: string): readonly string[] {
    return this.sources.answer(directory, () => this.tree.sources.filter((path) => isInside(path, directory) && this.packageOf(path) === directory));
  }

  /** The names that the package at `directory` depends on, in whatever way. */
  dependenciesOf(directory: string): ReadonlySet<string> {
    const manifest = readJsonObject(this.files, joinPath(directory, 'package.json')) ?? {};
    const lists = ['dependencies', 'devDependencies', 'peerDependencies', 'optionalDependencies'].map((name) => manifest[name]);
    return new Set(lists.flatMap((list) => (typeof list === 'object' && list !== null ? Object.keys(list) : [])));
  }

  /** Whether the package at `directory` depends on one whose name is like `name`. */
  dependsOn(directory: string, name: RegExp): boolean {
    return [...this.dependencies.answer(directory, () => this.dependenciesOf(directory))].some((one) => name.test(one));
  }

  private get tree(): TreeFiles {
    return this.trees.answer('', () => this.list());
  }

  /** `{ "type": "module" }` alone only says how files are loaded. */
  private describesPackage(directory: string): boolean {
    const manifest = readJsonObject(this.files, joinPath(directory, 'package.json'));
    if (manifest === undefined) return false;
    const keys = Object.keys(manifest);
    return keys.length === 0 || keys.some((key) => key !== 'type' && key !== 'sideEffects' && key !== 'private');
  }

  private list(): TreeFiles {
    const sources: string[] = [];
    const schemas: string[] = [];
    const pending: { directory: string; isIgnored: (path: string, name: string) => boolean }[] = [{ directory: this.root, isIgnored: () => false }];
    for (let count = 0; pending.length > 0; count++) {
      if (count > MOST_DIRECTORIES) return NOTHING;
      const { directory, isIgnored: isIgnoredAbove } = pending.pop()!;
      const { files, directories } = this.listingOf(directory);
      const isIgnored = files.includes('.gitignore') ? this.ignoredBy(directory, isIgnoredAbove) : isIgnoredAbove;
      for (const name of files) {
        const path = joinPath(directory, name);
        if (SCHEMA_FILE.test(name)) schemas.push(path);
        else if (SOURCE_FILE.test(name) && !isIgnored(path, name)) sources.push(path);
      }
      for (const name of directories) {
        const path = joinPath(directory, name);
        if (!name.startsWith('.') && !SKIPPED.has(name) && !isIgnored(path, name)) pending.push({ directory: path, isIgnored });
      }
    }
    return { sources: sources.sort(), schemas: schemas.sort() };
  }

  private listingOf(directory: string): Listing {
    const known = this.listings.get(directory);
    const modified = this.files.stat(directory)?.modified ?? -1;
    if (known?.modified === modified && known.listedAt - modified > RACY) return known;
    const listing = { modified, listedAt: this.now(), directories: this.files.directoriesIn(directory), files: this.files.filesIn(directory) };
    this.listings.set(directory, listing);
    return listing;
  }

  /** What the .gitignore of `directory` names without a pattern: `generated/`, `/public/build`. Anything cleverer is not ignored. */
  private ignoredBy(directory: string, isIgnoredAbove: (path: string, name: string) => boolean): (path: string, name: string) => boolean {
    const names = new Set<string>();
    const paths = new Set<string>();
    for (const line of (this.files.read(joinPath(directory, '.gitignore')) ?? '').split(/\r?\n/)) {
      const pattern = line.trim().replace(/^\*\*\//, '').replace(/\/\*{0,2}$/, '');
      if (pattern === '' || /^[#!]|[*?[\]\\]/.test(pattern)) continue;
      if (pattern.includes('/')) paths.add(joinPath(directory, pattern.replace(/^\//, '')));
      else names.add(pattern);
    }
    return (path, name) => names.has(name) || paths.has(path) || isIgnoredAbove(path, name);
  }
}
