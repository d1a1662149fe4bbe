import type { FileTree } from './file-tree.ts';
import type { GeneratedClients } from './generated-clients.ts';
import type { ModuleResolver } from './module-resolver.ts';
import type { PackageVersions } from './package-versions.ts';
import type { FileSilence, SourceFile, SourceFiles, SourceText } from './source-files.ts';

export interface ProjectInput {
  readonly resolver: ModuleResolver;
  readonly sources: SourceFiles;
  /** Which files there are; absent: only those that others import are looked at. */
  readonly tree?: FileTree | undefined;
  readonly generated?: GeneratedClients | undefined;
  /** Which versions of packages its files run with, where that is known. */
  readonly versions?: PackageVersions | undefined;
  /** The texts that were looked at by then (`lint-run.ts`). Absent: none. */
  readonly texts?: Map<string, SourceText | undefined> | undefined;
}

/** The other files of a project, as one analysis sees them: each is looked at once, so that one analysis does not see two versions of it. */
export class Project {
  private readonly files = new Map<string, SourceFile | FileSilence>();
  /** The texts that were looked at; the same object in all analyses of one run. */
  readonly texts: Map<string, SourceText | undefined>;
  /** Where the files come from: the same for all analyses of the project. */
  readonly sources: SourceFiles;
  /** Which files there are, where that is known. */
  readonly tree: FileTree | undefined;
  /** Which clients are generated into the project, where that is known. */
  readonly generated: GeneratedClients | undefined;
  /** Which versions of packages its files run with, where that is known. */
  readonly versions: PackageVersions | undefined;
  private readonly resolver: ModuleResolver;

  constructor(input: ProjectInput) {
    this.resolver = input.resolver;
    this.sources = input.sources;
    this.texts = input.texts ?? new Map<string, SourceText | undefined>();
    this.tree = input.tree;
    this.generated = input.generated;
    this.versions = input.versions;
  }

  /** The path of the file of the project that `specifier` names in the file at `path`, or undefined when it names none. */
  resolve(path: string, specifier: string): string | undefined {
    return this.resolver.resolve(path, specifier);
  }

  /** A number: as long as it is the same, so are the answers of `resolve`, in all analyses of the project. */
  resolverTurn(): number {
    return this.resolver.turn();
  }

  /** The text of the file at `path`, or undefined when it cannot be read. */
  textAt(path: string): string | undefined {
    return this.sourceAt(path)?.text;
  }

  /** As `textAt`; the same object for as long as the text is the same. */
  sourceAt(path: string): SourceText | undefined {
    const known = this.texts.get(path);
    if (known !== undefined || this.texts.has(path)) return known;
    const source = this.sources.textAt(path);
    this.texts.set(path, source);
    return source;
  }

  /** The file at `path`, or why nothing is known of it. */
  fileAt(path: string): SourceFile | FileSilence {
    let file = this.files.get(path);
    if (file === undefined) {
      file = this.sources.fileAt(path);
      this.files.set(path, file);
    }
    return file;
  }

  /** The files that were asked for and of which nothing is known, with the reason: for whoever wants to know why the engine is silent. */
  get silences(): ReadonlyMap<string, FileSilence> {
    return new Map([...this.files].flatMap(([path, file]) => (typeof file === 'string' ? [[path, file] as const] : [])));
  }
}
