/** Which files of a package import which: read from their texts, as far as it is asked for. */
import { eachImport } from '../syntax/each-import.ts';
import { baseName, directoryOf, joinPath, resolvePath } from './path.ts';

export interface ImportGraphInput {
  /** The files of the package. */
  readonly files: readonly string[];
  readonly textAt: (path: string) => string | undefined;
  /** The file that a specifier that is no relative path names. */
  readonly resolve: (path: string, specifier: string) => string | undefined;
}

interface Import {
  readonly from: string;
  readonly specifier: string;
}

const EXTENSIONS = ['.ts', '.tsx', '.mts', '.cts', '.js', '.jsx', '.mjs', '.cjs'];
/** Reading the imports of a text is a search through all of it, and most texts stay the same. */
const known = new Map<string, { readonly text: string; readonly specifiers: readonly string[] }>();
const MOST_KNOWN = 20_000;

/** The imports between the files of one package, asked for from the file that is imported. */
export class ImportGraph {
  private readonly files: ReadonlySet<string>;
  /** By the last segment of the specifier, without its extension. */
  private readonly imports = new Map<string, Import[]>();
  private readonly importers = new Map<string, readonly string[]>();
  private readonly aliases = new Map<string, string | undefined>();
  private readonly resolve: ImportGraphInput['resolve'];

  constructor({ files, textAt, resolve }: ImportGraphInput) {
    this.files = new Set(files);
    this.resolve = resolve;
    for (const from of files) {
      for (const specifier of specifiersOf(from, textAt(from) ?? '')) {
        const key = keyOf(specifier);
        const list = this.imports.get(key);
        if (list === undefined) this.imports.set(key, [{ from, specifier }]);
        else list.push({ from, specifier });
      }
    }
  }

  /** The files that import the file at `path`, in the order of the files. */
  importersOf(path: string): readonly string[] {
    let found = this.importers.get(path);
    if (found === undefined) {
      const stem = stemOf(path);
      const keys = stem === 'index' ? [stem, baseName(directoryOf(path))] : [stem];
      const candidates = keys.flatMap((key) => this.imports.get(key) ?? []);
      found = [...new Set(candidates.filter(({ from, specifier }) => from !== path && this.targetOf(from, specifier) === path).map(({ from }) => from))].sort();
      this.importers.set(path, found);
    }
    return found;
  }

  /** The files from which the file at `path` is reached and that nobody imports; `path` itself, when nobody imports it. */
  startsOf(path: string): ReadonlySet<string> {
    const starts = new Set<string>();
    const seen = new Set([path]);
    for (const file of seen) {
      const importers = this.importersOf(file);
      if (importers.length === 0) starts.add(file);
      for (const importer of importers) seen.add(importer);
    }
    return starts;
  }

  private targetOf(from: string, specifier: string): string | undefined {
    if (specifier.startsWith('.')) return this.fileAt(resolvePath(directoryOf(from), specifier));
    // An alias means the same everywhere in a package.
    if (!this.aliases.has(specifier)) this.aliases.set(specifier, this.resolve(from, specifier));
    return this.aliases.get(specifier);
  }

  private fileAt(path: string): string | undefined {
    const bare = path.replace(/\.[cm]?jsx?$/, '');
    for (const base of [path, joinPath(path, 'index')]) for (const end of ['', ...EXTENSIONS]) if (this.files.has(base + end)) return base + end;
    return EXTENSIONS.map((end) => bare + end).find((file) => this.files.has(file));
  }
}

function specifiersOf(path: string, text: string): readonly string[] {
  const kept = known.get(path);
  if (kept?.text === text) return kept.specifiers;
  const specifiers = [...new Set([...eachImport(text)].map(({ specifier }) => specifier))];
  if (known.size >= MOST_KNOWN) known.clear();
  known.set(path, { text, specifiers });
  return specifiers;
}

/** What the name of the imported file, or of its directory, must be. */
function keyOf(specifier: string): string {
  const last = baseName(specifier.replace(/[/\\]+$/, ''));
  if (last === '.' || last === '..' || last === '') return 'index';
  return stemOf(last).replace(/^[@#~$]/, '');
}

function stemOf(path: string): string {
  return baseName(path).replace(/\.[cm]?[jt]sx?$/, '');
}
