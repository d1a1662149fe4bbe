/** In which processes a file of a package runs: two clients that never live in one process do no harm to each other. */
import type { ImportGraph } from '../project/import-graph.ts';

/** The process of whoever loads the modules that no file of the package imports: a framework, a loader of routes, another package. */
const UNSEEN = '';

export interface ProcessesInput {
  readonly graph: ImportGraph;
  readonly files: readonly string[];
  readonly textAt: (path: string) => string | undefined;
  /** Whether the file counts: tests and scripts run by themselves. */
  readonly isCounted: (path: string) => boolean;
}

/** Answers for one package. */
export class Processes {
  private readonly input: ProcessesInput;
  /** The one process that everything runs in of which we do not see who loads it, where there is only one. */
  private readonly service: string;

  constructor(input: ProcessesInput) {
    this.input = input;
    const starts = input.files.filter((path) => input.isCounted(path) && this.isProgram(path));
    const servers = starts.filter((path) => /\.listen\s*\(|\bNestFactory\b|\bserve\s*\(/.test(input.textAt(path) ?? ''));
    this.service = (starts.length === 1 ? starts[0] : servers.length === 1 ? servers[0] : undefined) ?? UNSEEN;
  }

  /** The processes that run the file at `path`, by the file that each starts with. */
  of(path: string): ReadonlySet<string> {
    const starts = this.startsOf(path);
    return new Set(starts.map((start) => (start !== UNSEEN && this.isProgram(start) ? start : this.service)));
  }

  /** Whether we do not see who loads the file at `path`, or what imports it. */
  isLoadedUnseen(path: string): boolean {
    return this.startsOf(path).some((start) => start === UNSEEN || !this.isProgram(start));
  }

  /** The files that count and that a run which comes to `path` starts from. None: only tests and scripts lead there. */
  private startsOf(path: string): readonly string[] {
    const starts = [...this.input.graph.startsOf(path)];
    // A circle of imports that nobody leads into.
    return starts.length === 0 ? [UNSEEN] : starts.filter((start) => this.input.isCounted(start));
  }

  /** A file that nobody imports and that exports nothing is started by itself; so is a function in the cloud. */
  private isProgram(path: string): boolean {
    const text = this.input.textAt(path) ?? '';
    return (!EXPORTS.test(text) || CLOUD_FUNCTION.test(text)) && this.input.graph.importersOf(path).length === 0;
  }
}

const EXPORTS = /^[ \t]*export\b(?!\s*\{\s*\}|\s+type\b|\s+interface\b)|\bmodule\s*\.\s*exports\b|^[ \t]*exports\s*\./m;
const CLOUD_FUNCTION = /\bexport\s+(?:const|let|var|async\s+function|function)\s+handler\b|\bexport\s*\{[^}]*\bhandler\b[^}]*\}|\bexports\s*\.\s*handler\b/;
