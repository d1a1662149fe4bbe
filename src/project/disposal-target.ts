/** Whether the programs of a package can have `using` declarations, as its configuration says. */
import { directoryOf, joinPath } from './path.ts';
import type { Project } from './project.ts';

/** The first version of Node that has them. */
const NODE = 24;
/** More files than that extend each other by mistake. */
const MAX_EXTENDS = 8;

/**
 * Whether the file at `path` can have a `using` declaration: in JavaScript where the package asks for a Node that has them; in TypeScript where the libraries of its configuration
 * know dispose methods, and the compiler writes it in another way or such a Node is asked for. False where nothing says so.
 */
export function allowsUsing(project: Pick<Project, 'textAt'>, path: string): boolean {
  const isOfNode = lowestNode(project, path) >= NODE;
  if (/\.[cm]?jsx?$/.test(path)) return isOfNode;
  const options = compilerOptions(project, path);
  if (options === undefined) return false;
  const knows = options.lib === undefined ? options.target === 'esnext' : options.lib.some((name) => /^esnext(?:\.disposable)?$/.test(name));
  return knows && (isOfNode || (options.target !== undefined && options.target !== 'esnext'));
}

/** The major version of the lowest Node that the nearest package.json allows; 0 where it does not say. */
function lowestNode(project: Pick<Project, 'textAt'>, path: string): number {
  const engines = objectIn(nearest(project, path, 'package.json')?.text)?.['engines'];
  const range = (engines as Readonly<Record<string, unknown>> | null | undefined)?.['node'];
  if (typeof range !== 'string') return 0;
  return Math.min(...range.split('||').map((part) => Number(/^\s*(?:>=|\^|~|=|v)?\s*v?(\d+)/.exec(part)?.[1] ?? 0)));
}

interface CompilerOptions {
  readonly target: string | undefined;
  readonly lib: readonly string[] | undefined;
}

/** What the nearest tsconfig.json says, and what it extends; undefined where that is a package, or cannot be read. */
function compilerOptions(project: Pick<Project, 'textAt'>, path: string): CompilerOptions | undefined {
  let file = nearest(project, path, 'tsconfig.json');
  let target: string | undefined;
  let lib: readonly string[] | undefined;
  for (let count = 0; file !== undefined && count < MAX_EXTENDS; count++) {
    const config = objectIn(file.text);
    if (config === undefined) return undefined;
    const options = (config['compilerOptions'] ?? {}) as Readonly<Record<string, unknown>>;
    if (typeof options['target'] === 'string') target ??= options['target'].toLowerCase();
    if (Array.isArray(options['lib'])) lib ??= options['lib'].map((name) => String(name).toLowerCase());
    const base: unknown = config['extends'];
    if (base === undefined || (target !== undefined && lib !== undefined)) return { target, lib };
    if (typeof base !== 'string' || !base.startsWith('.')) return undefined;
    const name = joinPath(directoryOf(file.path), base);
    const text = project.textAt(name) ?? project.textAt(`${name}.json`);
    file = text === undefined ? undefined : { path: name, text };
  }
  return undefined;
}

/** The file of that name in the directory of the file, or in the next one above it. */
function nearest(project: Pick<Project, 'textAt'>, path: string, name: string): { readonly path: string; readonly text: string } | undefined {
  for (let directory = directoryOf(path); ; directory = directoryOf(directory)) {
    const own = joinPath(directory, name);
    const text = project.textAt(own);
    if (text !== undefined) return { path: own, text };
    if (directoryOf(directory) === directory) return undefined;
  }
}

/** The object that a text of JSON, with comments and commas at ends, stands for. */
function objectIn(text: string | undefined): Readonly<Record<string, unknown>> | undefined {
  const plain = text?.replace(/("(?:[^"\\]|\\.)*")|\/\/[^\n]*|\/\*[^]*?\*\//g, (_all, string: string | undefined) => string ?? '').replace(/("(?:[^"\\]|\\.)*")|,(?=\s*[}\]])/g, (_all, string: string | undefined) => string ?? '');
  try {
    const value: unknown = JSON.parse(plain ?? 'null');
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
