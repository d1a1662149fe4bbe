/**
 * The function that a program is about: its kind, where its pool comes from, and the module around it.
 */
import type { ModuleStyle } from './database-module.ts';
import type { DriverIdiom } from './driver-idiom.ts';
import { braced, WritingScope, type ProgramDraft } from './writing-scope.ts';

export interface EntryShape {
  readonly name: string;
  readonly weight: number;
  applies(idiom: DriverIdiom): boolean;
  /** The pool as helpers at module level see it. */
  modulePool(idiom: DriverIdiom): string;
  write(draft: ProgramDraft, body: (scope: WritingScope) => readonly string[]): string;
}

/** The receiver of generic methods is the imported `db`; the other drivers have a module-level pool. */
const modulePool = (idiom: DriverIdiom): string => idiom.poolName ?? (idiom.poolInitialiser === undefined ? 'db' : 'pool');
const anyDriver = (): boolean => true;
const withPool = (idiom: DriverIdiom): boolean => idiom.poolInitialiser !== undefined;
const synchronous = (idiom: DriverIdiom): boolean => !idiom.isPromise;

interface EntryScopeOptions {
  readonly pool: string;
  readonly isAsync: boolean;
  readonly isGenerator?: boolean;
}

function entryScope(draft: ProgramDraft, options: EntryScopeOptions): WritingScope {
  return new WritingScope(draft, options.pool, options.isAsync, options.isGenerator ?? false, true, 1, [], []);
}

function parameterList(draft: ProgramDraft, extra: readonly string[] = []): string {
  const own = [...draft.parameters].map(([name, type]) => {
    const optional = draft.isTypeScript && name === 'passed' ? '?' : '';
    return `${name}${optional}${draft.annotate(type)}`;
  });
  return [...extra, ...own].join(', ');
}

/** Joins imports, module-level declarations and the entry; later parts may have asked for the earlier ones. */
function moduleText(draft: ProgramDraft, entry: readonly string[], needsPool = true): string {
  const { idiom } = draft;
  const lines = [...draft.imports];
  if (!draft.isTypeScript) {
    for (const [index, line] of lines.entries()) lines[index] = line.replace(/, type \w+/g, '').replace(/type \w+, /g, '');
  }
  const usesModulePool = needsPool || draft.declarations.some((line) => /\bpool\b/.test(line));
  if (idiom.poolInitialiser !== undefined && usesModulePool) lines.push(`const pool = ${idiom.poolInitialiser};`);
  const body = [...draft.declarations, ...entry];
  if (body.some((line) => /\bshared = /.test(line))) lines.push(`let shared${draft.annotate('any')};`);
  // A generic pair counts only where both halves are seen on one receiver.
  if (synchronous(idiom) && !body.some((line) => line.includes(`${idiom.releaseCall('', 'db', false, draft.random).split('(')[0]}(`))) {
    body.push('', ...braced('export function giveBack(handle)', [`${idiom.releaseCall('handle', 'db', false, draft.random)};`]));
  }
  return `${[...lines, '', ...body].join('\n')}\n`;
}

function functionShape(name: string, weight: number, options: { isAsync: boolean; isGenerator?: boolean; arrow?: boolean; exported?: boolean }, applies: (idiom: DriverIdiom) => boolean): EntryShape {
  return {
    name,
    weight,
    applies,
    modulePool,
    write(draft, body) {
      const scope = entryScope(draft, { pool: modulePool(draft.idiom), ...options });
      const lines = body(scope);
      const prefix = `${options.exported ? 'export ' : ''}`;
      const head = options.arrow
        ? `${prefix}const main = ${options.isAsync ? 'async ' : ''}(${parameterList(draft)}) =>`
        : `${prefix}${options.isAsync ? 'async ' : ''}function${options.isGenerator ? '*' : ''} main(${parameterList(draft)})`;
      return moduleText(draft, braced(head, lines, options.arrow ? ';' : ''));
    },
  };
}

interface ClassShapeOptions {
  readonly pool?: string;
  readonly isTypeScript?: boolean;
  members(draft: ProgramDraft): readonly string[];
}

/** A class with a pool in a field: annotated constructor parameter, annotated field, assigned or initialised field. */
function classShape(name: string, weight: number, { pool = 'this.pool', isTypeScript = false, members }: ClassShapeOptions): EntryShape {
  return {
    name,
    weight,
    applies: withPool,
    modulePool,
    write(draft, body) {
      if (isTypeScript) useTypes(draft);
      const lines = body(entryScope(draft, { pool, isAsync: true }));
      const method = braced(`async run(${parameterList(draft)})`, lines);
      return moduleText(draft, braced('export class Service', [...members(draft), ...draft.methods, ...method]), false);
    },
  };
}

/** A function that tells its outcome through a callback parameter. */
function callbackShape(name: string, weight: number, parameter: string, head: (params: string) => string, tail = ''): EntryShape {
  return {
    name,
    weight,
    applies: (idiom) => idiom.callback !== undefined || idiom.isPromise,
    modulePool,
    write(draft, body) {
      const scope = entryScope(draft, { pool: modulePool(draft.idiom), isAsync: false });
      scope.outcome = { fail: (error) => `${parameter}(${error})`, succeed: (value) => `${parameter}(null, ${value})` };
      const lines = body(scope);
      draft.parameters.set(parameter, 'any');
      return moduleText(draft, braced(head(parameterList(draft)), lines, tail));
    },
  };
}

/** Turns types on, for shapes that make no sense without annotations. */
function useTypes(draft: ProgramDraft): void {
  draft.wrapping = Math.max(draft.wrapping, 0.05);
}

export const ENTRY_SHAPES: readonly EntryShape[] = [
  functionShape('async function', 8, { isAsync: true, exported: true }, anyDriver),
  functionShape('async arrow', 3, { isAsync: true, arrow: true, exported: true }, anyDriver),
  functionShape('unexported async function', 1, { isAsync: true }, anyDriver),
  functionShape('async generator', 3, { isAsync: true, isGenerator: true, exported: true }, anyDriver),
  functionShape('sync function', 5, { isAsync: false, exported: true }, synchronous),
  functionShape('sync arrow', 2, { isAsync: false, arrow: true, exported: true }, synchronous),
  functionShape('generator', 4, { isAsync: false, isGenerator: true, exported: true }, synchronous),
  {
    name: 'local pool',
    weight: 1.5,
    applies: withPool,
    modulePool,
    write(draft, body) {
      const lines = body(entryScope(draft, { pool: 'localPool', isAsync: true }));
      const head = `export async function main(${parameterList(draft)})`;
      return moduleText(draft, braced(head, [`const localPool = ${draft.idiom.poolInitialiser};`, ...lines]), false);
    },
  },
  {
    name: 'pool parameter',
    weight: 1.5,
    applies: withPool,
    modulePool,
    write(draft, body) {
      useTypes(draft);
      const lines = body(entryScope(draft, { pool: 'source', isAsync: true }));
      return moduleText(draft, braced(`export async function main(${parameterList(draft, [`source: ${draft.idiom.poolType}`])})`, lines), false);
    },
  },
  {
    name: 'object method',
    weight: 1.5,
    applies: anyDriver,
    modulePool,
    write(draft, body) {
      const lines = body(entryScope(draft, { pool: modulePool(draft.idiom), isAsync: true }));
      return moduleText(draft, braced('export const service =', braced(`async main(${parameterList(draft)})`, lines, ','), ';'));
    },
  },
  classShape('class with constructor parameter', 2, {
    isTypeScript: true,
    members: (draft) => [`constructor(private readonly pool: ${draft.idiom.poolType}) {}`],
  }),
  classShape('class with annotated field', 1.5, {
    isTypeScript: true,
    members: (draft) => [`private readonly pool: ${draft.idiom.poolType};`, ...braced(`constructor(pool: ${draft.idiom.poolType})`, ['this.pool = pool;'])],
  }),
  classShape('class with assigned field', 1.5, { members: (draft) => braced('constructor()', [`this.pool = ${draft.idiom.poolInitialiser};`]) }),
  classShape('class with initialised field', 1.5, { members: (draft) => [`pool = ${draft.idiom.poolInitialiser};`] }),
  classShape('class with private field', 1, { pool: 'this.#pool', members: (draft) => [`#pool = ${draft.idiom.poolInitialiser};`] }),
  {
    name: 'static method',
    weight: 1,
    applies: anyDriver,
    modulePool,
    write(draft, body) {
      const lines = body(entryScope(draft, { pool: modulePool(draft.idiom), isAsync: true }));
      return moduleText(draft, braced('export class Service', braced(`static async run(${parameterList(draft)})`, lines)));
    },
  },
];

const promiseDriver = (idiom: DriverIdiom): boolean => idiom.isPromise;

/** Functions that are not async: they return the promise of a chain, or tell their outcome through a callback. */
export const CONTINUATION_SHAPES: readonly EntryShape[] = [
  functionShape('promise function', 6, { isAsync: false, exported: true }, promiseDriver),
  functionShape('promise arrow', 2, { isAsync: false, arrow: true, exported: true }, promiseDriver),
  functionShape('silent function', 1.5, { isAsync: false, exported: true }, (idiom) => idiom.callback !== undefined),
  callbackShape('callback function', 5, 'cb', (params) => `export function main(${params})`),
  callbackShape('callback arrow', 2, 'callback', (params) => `export const main = (${params}) =>`, ';'),
  callbackShape('middleware', 1.5, 'next', (params) => `export function handler(req, ${params})`),
];

/** A class over a class of the other module: given an instance of it, or extending it. */
function moduleClassShape(name: string, weight: number, style: ModuleStyle, head: string, members: readonly string[]): EntryShape {
  return {
    name,
    weight,
    applies: (idiom) => idiom.other?.style === style,
    modulePool,
    write(draft, body) {
      useTypes(draft);
      const lines = body(entryScope(draft, { pool: 'this.db', isAsync: true }));
      return moduleText(draft, braced(head, [...members, ...draft.methods, ...braced(`async run(${parameterList(draft)})`, lines)]), false);
    },
  };
}

/** The shapes of a program over another module. */
export const MODULE_SHAPES: readonly EntryShape[] = [
  moduleClassShape('class with an injected class', 1, 'injected', 'export class Service', ['constructor(private readonly db: Database) {}']),
  moduleClassShape('class over a base class', 1, 'base', 'export class Service extends Repository', []),
];
