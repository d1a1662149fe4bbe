/**
 * Which functions of a program an execution starts from, and with what arguments.
 *
 * Every function at module level, and every method of a class or object at module level, that contains an acquisition
 * (itself or through a function of the program that it calls) is run on its own, as a stranger would call it. Arguments follow from the
 * annotation or the name of the parameter; the generator keeps to these names:
 * `pool`, `db` or annotated `Pool` or `Knex`: a pool · annotated with a class of the program: an instance of it ·
 * `passed`, `given`, `existing`, `trx`: undefined or a handle of the caller · `opts`, `options` or an object pattern: an object with or
 * without such a handle · `flag`, `own…`, `should…`: true or false · `cb`, `callback`, `next`: the caller's callback · `fn`, `work`, `run`, `action`: an
 * unknown function that returns a promise · `res`, `response`: an emitter that ends by itself ·
 * `ctx`, `state`, `req`: an object from outside · `c`, `client`, `conn`, `connection`, `handle`: a handle of the caller.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName } from './call-site-table.ts';
import { GENERIC_PAIRS, type DriverName } from './fake-drivers.ts';
import { DEFAULT_EXPORT } from './instrument-program.ts';
import type { ParsedSource } from './parse-source.ts';

export type ArgumentKind =
  | { readonly kind: 'pool'; readonly driver: DriverName }
  | { readonly kind: 'maybe-handle' | 'handle' | 'options' | 'flag' | 'outside' | 'callback' | 'scoped' | 'emitter' | 'value'; readonly name: string }
  | { readonly kind: 'instance'; readonly of: ClassEntry };

/** A class of the program, and what it is constructed with. */
export interface ClassEntry {
  readonly path: string;
  readonly name: string;
  readonly arguments: readonly ArgumentKind[];
}

export interface EntryPoint {
  readonly name: string;
  /** The file it stands in. */
  readonly path: string;
  /** Expression at module level to reach the function, or what it is a method of, by. */
  readonly binding: string;
  readonly method: { readonly name: string; readonly isStatic: boolean } | undefined;
  readonly constructorArguments: readonly ArgumentKind[];
  readonly arguments: readonly ArgumentKind[];
  readonly isGenerator: boolean;
  /** Whether only the code of its file can call it. */
  readonly isPrivate: boolean;
}

export interface ProgramShape {
  readonly entries: readonly EntryPoint[];
  /** The driver that handles from outside belong to. */
  readonly driver: DriverName;
  /** Names of all called functions and methods, to see whether both halves of a generic pair are there. */
  readonly calledNames: ReadonlySet<string>;
  /** The expressions at module level, by file, that entries and classes are reached by. */
  reachedIn(path: string): readonly string[];
}

/** Names imported from modules: importing both halves of a pair from one module is evidence too. */
function importedNames(ast: TSESTree.Program): string[] {
  return ast.body.flatMap((statement) =>
    statement.type === 'ImportDeclaration'
      ? statement.specifiers.flatMap((specifier) =>
          specifier.type === 'ImportSpecifier' && specifier.imported.type === 'Identifier' ? [specifier.imported.name] : [],
        )
      : [],
  );
}

type FunctionLike = TSESTree.FunctionDeclaration | TSESTree.FunctionExpression | TSESTree.ArrowFunctionExpression;
type ClassLike = TSESTree.ClassDeclaration | TSESTree.ClassExpression;

interface Candidate {
  readonly entry: EntryPoint;
  /** Name under which the program calls it. */
  readonly calledAs: string;
  readonly calls: ReadonlySet<string>;
  /** False for a method of an abstract class that only this file can extend: nobody makes one. */
  readonly isEntry: boolean;
}

interface KnownClass {
  readonly path: string;
  readonly name: string;
  readonly node: ClassLike;
}

const ACQUIRING_NAMES = new Set(['connect', 'getConnection', 'transaction', ...GENERIC_PAIRS.map(([acquire]) => acquire)]);

export function findEntries(files: readonly ParsedSource[]): ProgramShape {
  const finder = new EntryFinder(files);
  for (const file of files) finder.lookInto(file);
  return finder.shape();
}

class EntryFinder {
  private readonly driver: DriverName;
  private readonly classes: readonly KnownClass[];
  private readonly candidates: Candidate[] = [];
  /** Whether the statement that is looked into is an `export`. */
  private isExported = false;
  /** Names under which a file knows what another file calls otherwise. */
  private readonly renamed: readonly (readonly [local: string, original: string])[];

  constructor(private readonly files: readonly ParsedSource[]) {
    this.driver = driverOf(files);
    this.classes = files.flatMap((file) => file.ast.body.flatMap((statement) => classesOf(file.path, statement)));
    this.renamed = files.flatMap(({ ast }) => renamings(ast));
  }

  lookInto(file: ParsedSource): void {
    for (const statement of file.ast.body) {
      this.isExported = statement.type.startsWith('Export');
      const node = (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') && statement.declaration ? statement.declaration : statement;
      if (node.type === 'VariableDeclaration') {
        for (const { id, init } of node.declarations) if (id.type === 'Identifier' && init) this.addValue(file, id.name, id.name, init);
      } else if (node.type === 'FunctionDeclaration' || node.type === 'ClassDeclaration') {
        this.addValue(file, node.id?.name ?? 'default', node.id?.name ?? DEFAULT_EXPORT, node);
      } else if (statement.type === 'ExportDefaultDeclaration') {
        this.addValue(file, 'default', DEFAULT_EXPORT, node);
      } else if (node.type === 'ExpressionStatement' && node.expression.type === 'AssignmentExpression') {
        this.addCommonJs(file, node.expression);
      }
    }
  }

  shape(): ProgramShape {
    const acquiring = closeOverCalls(this.candidates, this.renamed);
    const entries = this.candidates.filter((candidate) => candidate.isEntry && acquiring.has(candidate)).map((candidate) => candidate.entry);
    const calledNames = new Set(this.files.flatMap((file) => [...collectCalledNames(file.ast, file, new Set()), ...importedNames(file.ast)]));
    const reachedIn = (path: string): readonly string[] => [
      ...new Set([
        ...entries.filter((entry) => entry.path === path).map((entry) => entry.binding),
        ...this.classes.filter((known) => known.path === path).map((known) => known.name),
      ]),
    ];
    return { entries, driver: this.driver, calledNames, reachedIn };
  }

  /** `module.exports = …` and `exports.name = …` */
  private addCommonJs(file: ParsedSource, { left, right }: TSESTree.AssignmentExpression): void {
    if (left.type !== 'MemberExpression' || left.property.type !== 'Identifier') return;
    const target = file.source.slice(...left.range);
    if (target === 'module.exports') this.addValue(file, 'module.exports', target, right);
    else if (target === `exports.${left.property.name}` || target === `module.exports.${left.property.name}`) {
      if (isFunction(right)) this.add(file, left.property.name, 'module.exports', right, { name: left.property.name, isStatic: true }, []);
    }
  }

  private addValue(file: ParsedSource, name: string, binding: string, node: TSESTree.Node): void {
    if (isFunction(node)) {
      this.add(file, name, binding, node, undefined, []);
    } else if (node.type === 'ClassDeclaration' || node.type === 'ClassExpression') {
      this.addMethods(file, name, binding, node);
    } else if (node.type === 'ObjectExpression') {
      for (const property of node.properties) {
        if (property.type !== 'Property' || property.key.type !== 'Identifier' || !isFunction(property.value)) continue;
        const method = property.key.name;
        this.add(file, `${name}.${method}`, binding, property.value, { name: method, isStatic: true }, []);
      }
    }
  }

  private addMethods(file: ParsedSource, className: string, binding: string, node: ClassLike): void {
    const isAbstract = node.abstract;
    const constructorArguments = this.constructorArguments(node);
    for (const member of node.body.body) {
      if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue;
      if (member.key.type !== 'Identifier' || !member.value || !isFunction(member.value)) continue;
      if (member.type === 'MethodDefinition' && member.kind !== 'method') continue;
      const { name } = member.key;
      this.add(file, `${className}.${name}`, binding, member.value, { name, isStatic: member.static }, constructorArguments, !isAbstract || this.isExported || member.static);
    }
  }

  private add(file: ParsedSource, name: string, binding: string, fn: FunctionLike, method: EntryPoint['method'], constructorArguments: readonly ArgumentKind[], isEntry = true): void {
    const entry: EntryPoint = {
      name,
      path: file.path,
      binding,
      method,
      constructorArguments,
      arguments: fn.params.map((param) => this.argumentOf(param)),
      isGenerator: fn.generator,
      isPrivate: method === undefined && !this.isExported && binding !== 'module.exports',
    };
    this.candidates.push({ entry, calledAs: method?.name ?? name, calls: collectCalledNames(fn, file, new Set()), isEntry });
  }

  /** What a class is constructed with; one without a constructor as its base class is. */
  private constructorArguments(node: ClassLike): readonly ArgumentKind[] {
    const constructor = node.body.body.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
    if (constructor?.type === 'MethodDefinition') {
      return constructor.value.type === 'FunctionExpression' ? constructor.value.params.map((param) => this.argumentOf(param)) : [];
    }
    const base = node.superClass?.type === 'Identifier' ? this.classNamed(node.superClass.name) : undefined;
    return base ? this.constructorArguments(base.node) : [];
  }

  private classNamed(name: string): KnownClass | undefined {
    return this.classes.find((known) => known.name === name) ?? this.classes.find((known) => this.renamed.some(([local, original]) => local === name && original === known.name));
  }

  private argumentOf(param: TSESTree.Parameter): ArgumentKind {
    if (param.type === 'TSParameterProperty') return this.argumentOf(param.parameter);
    if (param.type === 'AssignmentPattern') return { kind: 'value', name: 'default' };
    if (param.type === 'ObjectPattern') return { kind: 'options', name: 'options' };
    if (param.type !== 'Identifier') return { kind: 'value', name: 'value' };
    const { name } = param;
    const type = param.typeAnnotation?.typeAnnotation;
    const typeName = type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName.name : '';
    const known = this.classNamed(typeName);
    if (known) return { kind: 'instance', of: { path: known.path, name: known.name, arguments: this.constructorArguments(known.node) } };
    if (typeName === 'Pool' || typeName === 'Knex' || /^(pool|db)$/.test(name)) return { kind: 'pool', driver: this.driver };
    const kind = KINDS_BY_NAME.find(([pattern]) => pattern.test(name))?.[1] ?? 'value';
    return { kind, name };
  }
}

const KINDS_BY_NAME: readonly (readonly [RegExp, Exclude<ArgumentKind['kind'], 'pool' | 'instance'>])[] = [
  [/^(passed|given|existing|trx)/, 'maybe-handle'],
  [/^(opts|options)/, 'options'],
  [/^(flag|own|should)/, 'flag'],
  [/^(cb|callback|next)$/, 'callback'],
  [/^(fn|work|run|action)$/, 'scoped'],
  [/^(res|response)$/, 'emitter'],
  [/^(ctx|state|req)/, 'outside'],
  [/^(c|client|conn|connection|handle)\d*$/, 'handle'],
];

/** The classes that a statement declares at module level, by the expression that reaches them. */
function classesOf(path: string, statement: TSESTree.Statement): KnownClass[] {
  const node = (statement.type === 'ExportNamedDeclaration' || statement.type === 'ExportDefaultDeclaration') && statement.declaration ? statement.declaration : statement;
  return node.type === 'ClassDeclaration' && node.id ? [{ path, name: node.id.name, node }] : [];
}

/** Local names that stand for something that its own file calls otherwise, with that name; `default` where it may have none. */
function renamings(ast: TSESTree.Program): [local: string, original: string][] {
  const textOf = (node: TSESTree.Identifier | TSESTree.StringLiteral): string => (node.type === 'Identifier' ? node.name : node.value);
  return ast.body.flatMap((statement): [string, string][] => {
    if (statement.type === 'ImportDeclaration') {
      return statement.specifiers.flatMap((specifier): [string, string][] =>
        specifier.type === 'ImportSpecifier' ? [[specifier.local.name, textOf(specifier.imported)]] : [[specifier.local.name, 'default']],
      );
    }
    if (statement.type === 'ExportNamedDeclaration') return statement.specifiers.map(({ local, exported }) => [textOf(exported), textOf(local)]);
    if (statement.type === 'ExportDefaultDeclaration' && statement.declaration.type === 'Identifier') return [['default', statement.declaration.name]];
    if (statement.type === 'ExportDefaultDeclaration' && 'id' in statement.declaration && statement.declaration.id?.type === 'Identifier') return [['default', statement.declaration.id.name]];
    return [];
  });
}

/** Functions that acquire, or call one of the program that does. */
function closeOverCalls(candidates: readonly Candidate[], renamed: readonly (readonly [local: string, original: string])[]): Set<Candidate> {
  const acquiring = new Set<Candidate>();
  const names = new Set(ACQUIRING_NAMES);
  for (let size = -1; size !== names.size + acquiring.size; ) {
    size = names.size + acquiring.size;
    for (const [local, original] of renamed) if (names.has(original)) names.add(local);
    for (const candidate of candidates) {
      if (acquiring.has(candidate) || ![...candidate.calls].some((name) => names.has(name))) continue;
      acquiring.add(candidate);
      names.add(candidate.calledAs);
    }
  }
  return acquiring;
}

function collectCalledNames(node: TSESTree.Node, parsed: ParsedSource, into: Set<string>): Set<string> {
  if (node.type === 'CallExpression') {
    const name = calleeName(node.callee);
    if (name !== undefined) into.add(name);
    // A function passed by name is called as well: `.then(open)`, `ids.map(this.open)`.
    for (const argument of node.arguments) {
      const passed = argument.type === 'SpreadElement' ? undefined : calleeName(argument);
      if (passed !== undefined) into.add(passed);
    }
  }
  for (const key of parsed.visitorKeys[node.type] ?? []) {
    const value = (node as unknown as Record<string, unknown>)[key];
    for (const child of Array.isArray(value) ? value : [value]) {
      if (child !== null && typeof child === 'object') collectCalledNames(child as TSESTree.Node, parsed, into);
    }
  }
  return into;
}

/** The driver that the program uses: the first that one of its files imports or requires. */
function driverOf(files: readonly ParsedSource[]): DriverName {
  for (const { ast, source } of files) {
    const specifiers = ast.body.flatMap((statement) => (statement.type === 'ImportDeclaration' ? [statement.source.value] : []));
    for (const [, specifier = ''] of source.matchAll(/\brequire\('([^']+)'\)/g)) specifiers.push(specifier);
    for (const specifier of specifiers) {
      if (specifier === 'pg') return 'pg';
      if (specifier === 'mysql2' || specifier === 'mysql') return 'mysql2-callback';
      if (specifier.startsWith('mysql2')) return 'mysql2';
      if (specifier === 'knex') return 'knex';
    }
  }
  return 'generic';
}

function isFunction(node: TSESTree.Node): node is FunctionLike {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}
