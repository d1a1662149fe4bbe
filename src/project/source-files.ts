/** The texts of source files and what the parser made of them, kept by content. */
import { ScopeIndex, type ScopeManager } from '../bindings/scope-index.ts';
import type { VisitorKeys } from '../syntax/each-child.ts';
import type { TSESTree } from '../syntax/estree.ts';
import { indexFile, type FileIndex } from '../syntax/file-index.ts';
import type { FileAccess, FileStat } from './file-access.ts';

/** Why nothing is known of a file of the project. */
export type FileSilence = 'not found' | 'too large' | 'no parser' | 'no scope analysis' | 'cannot be parsed';

/** What a parser makes of a text. */
export interface ParsedSource {
  readonly program: TSESTree.Program;
  readonly scopeManager: ScopeManager;
  readonly visitorKeys: VisitorKeys;
}

/** Parses a file of the project; `path` says which language it is. Throws nothing. */
export type SourceParser = (path: string, text: string) => ParsedSource | FileSilence;

/** A file of the project that could be read and parsed. It depends on the text alone, so it serves every analysis until the text changes. */
export class SourceFile implements ParsedSource {
  readonly path: string;
  readonly text: string;
  readonly program: TSESTree.Program;
  readonly scopeManager: ScopeManager;
  readonly visitorKeys: VisitorKeys;
  private fileIndex: FileIndex | undefined;
  private scopeIndex: ScopeIndex | undefined;

  constructor(path: string, text: string, source: ParsedSource) {
    this.path = path;
    this.text = text;
    this.program = source.program;
    this.scopeManager = source.scopeManager;
    this.visitorKeys = source.visitorKeys;
  }

  /** Its units, calls and classes. */
  get index(): FileIndex {
    return (this.fileIndex ??= indexFile(this.program, this.visitorKeys));
  }

  /** Its variables. */
  get scopes(): ScopeIndex {
    const { index } = this;
    return (this.scopeIndex ??= new ScopeIndex(this.scopeManager, this.text.length, (node) => index.unitOf(node)));
  }
}

/** A larger file is generated or bundled; such code hands out no connection that anybody wrote. */
const MAX_FILE_SIZE = 512 * 1024;
/** What all that is kept may weigh, in bytes, roughly. */
const MAX_WEIGHT = 48 * 1024 * 1024;
/** A tree, with its scopes and its index, weighs about so many times its text. */
const TREE_WEIGHT = 60;
/** A file that was changed so shortly before it was read may have been changed again in the same tick of the file system's clock. */
const RACY = 2000;

/** The text of a file: the same object until the text changes, so that what is found out about it can be kept with it. */
export interface SourceText {
  readonly text: string;
}

interface Kept extends SourceText {
  stat: FileStat;
  readAt: number;
  parsed: SourceFile | FileSilence | undefined;
  weight: number;
}

export interface SourceFilesInput {
  /** What may be read (`restrict-files.ts`). */
  readonly files: FileAccess;
  readonly parser: SourceParser;
  readonly now?: () => number;
}

/**
 * Reads and parses files of the project. A file that has not changed (its time and size, else its text) is the same object as before: parsed
 * once for all the files that import it. When too much is kept, the trees that were not asked for lately are forgotten, and at last their texts.
 */
export class SourceFiles {
  /** What was asked for last comes last. */
  private readonly kept = new Map<string, Kept>();
  /** Those with a tree: the one whose tree was asked for last comes last. */
  private readonly trees = new Set<Kept>();
  private weight = 0;
  private readonly files: FileAccess;
  private readonly parser: SourceParser;
  private readonly now: () => number;

  constructor(input: SourceFilesInput) {
    this.files = input.files;
    this.parser = input.parser;
    this.now = input.now ?? Date.now;
  }

  /** The text of the file at `path` as it is now, or undefined when it cannot be read. */
  textAt(path: string): SourceText | undefined {
    const kept = this.keptAt(path);
    return typeof kept === 'string' ? undefined : kept;
  }

  /** The file at `path` as it is now, parsed. */
  fileAt(path: string): SourceFile | FileSilence {
    const kept = this.keptAt(path);
    if (typeof kept === 'string') return kept;
    if (this.trees.delete(kept)) this.trees.add(kept);
    if (kept.parsed === undefined) {
      const source = this.parser(path, kept.text);
      kept.parsed = typeof source === 'string' ? source : new SourceFile(path, kept.text, source);
      if (typeof source !== 'string') {
        this.trees.add(kept);
        this.weigh(kept, kept.text.length * TREE_WEIGHT);
      }
    }
    return kept.parsed;
  }

  private keptAt(path: string): Kept | FileSilence {
    const stat = this.files.stat(path);
    let kept = this.kept.get(path);
    if (kept !== undefined) this.kept.delete(path);
    if (stat?.isFile !== true || stat.size > MAX_FILE_SIZE) {
      this.forget(kept);
      return stat?.isFile === true ? 'too large' : 'not found';
    }
    const readAt = this.now();
    const isCurrent = kept !== undefined && kept.stat.size === stat.size && kept.stat.modified === stat.modified && kept.readAt - stat.modified > RACY;
    if (kept === undefined || !isCurrent) {
      const text = this.files.read(path);
      if (text === undefined) {
        this.forget(kept);
        return 'not found';
      }
      if (kept === undefined || kept.text !== text) {
        this.forget(kept);
        kept = { stat, readAt, text, parsed: undefined, weight: 0 };
        this.kept.set(path, kept);
        this.weigh(kept, text.length);
        return kept;
      }
      kept.stat = stat;
      kept.readAt = readAt;
    }
    this.kept.set(path, kept);
    return kept;
  }

  private weigh(kept: Kept, weight: number): void {
    kept.weight += weight;
    this.weight += weight;
    for (const oldest of this.trees) {
      if (this.weight <= MAX_WEIGHT || oldest === kept) break;
      // What is known of the text is kept with it; a tree can be made again.
      this.trees.delete(oldest);
      oldest.parsed = undefined;
      this.weight -= oldest.weight - oldest.text.length;
      oldest.weight = oldest.text.length;
    }
    for (const [path, oldest] of this.kept) {
      if (this.weight <= MAX_WEIGHT || oldest === kept) return;
      this.kept.delete(path);
      this.forget(oldest);
    }
  }

  /** It is no longer kept. */
  private forget(kept: Kept | undefined): void {
    if (kept === undefined) return;
    this.trees.delete(kept);
    this.weight -= kept.weight;
    kept.weight = 0;
  }
}
