/** What a directory listing alone says of where a specifier leads: most of them name a file beside the one that asks, and a library that finds modules asks much more. */
import type { FileAccess } from './file-access.ts';
import { baseName, directoryOf, isDependency, isInside, joinPath, pathsUpwards, resolvePath } from './path.ts';
import { RecentAnswers } from './recent-answers.ts';

/** What a file of configuration is called that decides what the specifiers below it mean. */
const CONFIGURATION = /^(?:package|[jt]sconfig.*)\.json$/;
/** Where the output of a build may lie, which is read from its sources. */
const OUTPUT = /[/\\](?:dist|build|out)[/\\]/;

interface Listing {
  /** The directory, without symbolic links. */
  readonly directory: string;
  readonly files: ReadonlySet<string>;
}

export interface NearFilesInput {
  readonly files: FileAccess;
  readonly root: string;
  /** What a source file may be called, in the order in which extensions are tried. */
  readonly extensions: readonly string[];
  /** What an extension in a specifier may stand for, in the order in which that is tried. */
  readonly aliases: Readonly<Record<string, readonly string[]>>;
  readonly now?: (() => number) | undefined;
}

/** Plain files (no links) of the project, by the directories they lie in. */
export class NearFiles {
  private readonly listings: RecentAnswers<Listing | undefined>;
  private readonly scopes: RecentAnswers<string>;
  private readonly input: NearFilesInput;

  constructor(input: NearFilesInput) {
    this.input = input;
    this.listings = new RecentAnswers(input.now);
    this.scopes = new RecentAnswers(input.now);
  }

  /** The file that a relative specifier names in `directory`; null when that is no source file, undefined when a closer look is needed. */
  find(directory: string, specifier: string): string | null | undefined {
    if (!/^\.\.?[/\\]/.test(specifier) || /[?#!]|[/\\.]$/.test(specifier)) return undefined;
    const path = resolvePath(directory, specifier);
    if (OUTPUT.test(`${path}/`)) return undefined;
    const beside = this.listingOf(directoryOf(path));
    if (beside === undefined) return undefined;
    const name = baseName(path);
    const extension = /\.\w+$/.exec(name)?.[0] ?? '';
    const others = this.input.aliases[extension];
    if (others !== undefined) return this.firstOf(beside, name.slice(0, -extension.length), others);
    if (beside.files.has(name)) return this.input.extensions.some((known) => name.endsWith(known)) ? joinPath(beside.directory, name) : null;
    const found = this.firstOf(beside, name, this.input.extensions);
    if (found !== undefined) return found;
    const inside = this.listingOf(path);
    return inside === undefined || inside.files.has('package.json') ? undefined : this.firstOf(inside, 'index', this.input.extensions);
  }

  /** The directory from which a specifier that is not relative means the same as it does in `directory`: nothing between them could make a difference. */
  scopeOf(directory: string): string {
    return this.scopes.answer(directory, () => {
      for (const at of pathsUpwards(directory)) {
        const listing = this.listingOf(at);
        if (listing === undefined || at !== listing.directory) return directory;
        if (this.input.files.stat(joinPath(at, 'node_modules')) !== undefined || [...listing.files].some((name) => CONFIGURATION.test(name))) return at;
      }
      return directory;
    });
  }

  private firstOf({ directory, files }: Listing, name: string, extensions: readonly string[]): string | undefined {
    const extension = extensions.find((one) => files.has(name + one));
    return extension === undefined ? undefined : joinPath(directory, name + extension);
  }

  private listingOf(path: string): Listing | undefined {
    return this.listings.answer(path, () => {
      const { files, root } = this.input;
      const directory = files.realPath(path);
      if (directory === undefined || !isInside(directory, root) || isDependency(directory)) return undefined;
      return { directory, files: new Set(files.filesIn(directory)) };
    });
  }
}
