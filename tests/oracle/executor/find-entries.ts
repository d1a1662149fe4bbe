/**
 * Which functions of a module an execution starts from, and with what arguments.
 *
 * Every function at module level, and every method of a class or object at module level, that contains an acquisition
 * (itself or through a function of the file that it calls) is run on its own, as a stranger would call it. Arguments follow from the
 * annotation or the name of the parameter; the generator keeps to these names:
 * `pool`, `db` or annotated `Pool`: a pool · `passed`, `given`, `existing`, `trx`: undefined or a handle of the caller ·
 * `opts`, `options` or an object pattern: an object with or without such a handle · `flag`, `own…`, `should…`: true or false ·
 * `cb`, `callback`, `next`: the caller's callback · `ctx`, `state`, `req`: an object from outside · `c`, `client`, `conn`, `connection`, `handle`: a handle of the caller.
 */
import type { TSESTree } from '@typescript-eslint/utils';
import { calleeName } from './call-site-table.ts';
import { GENERIC_PAIRS, type DriverName } from './fake-drivers.ts';
import type { ParsedSource } from './parse-source.ts';

export type ArgumentKind =
  | { readonly kind: 'pool'; readonly driver: DriverName }
  | { readonly kind: 'maybe-handle' | 'handle' | 'options' | 'flag' | 'outside' | 'callback' | 'value'; readonly name: string };

export interface EntryPoint {
  readonly name: string;
  /** Name of the module-level binding to reach the function by. */
  readonly binding: string;
  readonly method: { readonly name: string; readonly isStatic: boolean } | undefined;
  readonly constructorArguments: readonly ArgumentKind[];
  readonly arguments: readonly ArgumentKind[];
  readonly isGenerator: boolean;
}

export interface ProgramShape {
  readonly entries: readonly EntryPoint[];
  /** The driver that handles from outside belong to. */
  readonly driver: DriverName;
  /** Names of all called functions and methods, to see whether both halves of a generic pair are there. */
  readonly calledNames: ReadonlySet<string>;
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

interface Candidate {
  readonly entry: EntryPoint;
  /** Name under which the file calls it. */
  readonly calledAs: string;
  readonly calls: ReadonlySet<string>;
}

const ACQUIRING_NAMES = new Set(['connect', 'getConnection', ...GENERIC_PAIRS.map(([acquire]) => acquire)]);

export function findEntries(parsed: ParsedSource): ProgramShape {
  const driver = driverOf(parsed.ast);
  const candidates: Candidate[] = [];
  const callsOf = (node: TSESTree.Node): Set<string> => collectCalledNames(node, parsed, new Set());
  const add = (name: string, binding: string, fn: FunctionLike, method: EntryPoint['method'], ctor: readonly ArgumentKind[]): void => {
    const entry: EntryPoint = {
      name,
      binding,
      method,
      constructorArguments: ctor,
      arguments: fn.params.map((param) => argumentOf(param, driver)),
      isGenerator: fn.generator,
    };
    candidates.push({ entry, calledAs: method?.name ?? binding, calls: callsOf(fn) });
  };

  for (const statement of parsed.ast.body) {
    const node = statement.type === 'ExportNamedDeclaration' && statement.declaration ? statement.declaration : statement;
    if (node.type === 'FunctionDeclaration' && node.id) add(node.id.name, node.id.name, node, undefined, []);
    if (node.type === 'ClassDeclaration' && node.id) addMethods(node.id.name, node.body.body, add, driver);
    if (node.type !== 'VariableDeclaration') continue;
    for (const { id, init } of node.declarations) {
      if (id.type !== 'Identifier' || !init) continue;
      if (isFunction(init)) add(id.name, id.name, init, undefined, []);
      if (init.type !== 'ObjectExpression') continue;
      for (const property of init.properties) {
        if (property.type !== 'Property' || property.key.type !== 'Identifier' || !isFunction(property.value)) continue;
        const { name } = property.key;
        add(`${id.name}.${name}`, id.name, property.value, { name, isStatic: true }, []);
      }
    }
  }
  const acquiring = closeOverCalls(candidates);
  return {
    entries: candidates.filter((candidate) => acquiring.has(candidate)).map((candidate) => candidate.entry),
    driver,
    calledNames: new Set([...callsOf(parsed.ast), ...importedNames(parsed.ast)]),
  };
}

function addMethods(
  className: string,
  members: readonly TSESTree.ClassElement[],
  add: (name: string, binding: string, fn: FunctionLike, method: EntryPoint['method'], ctor: readonly ArgumentKind[]) => void,
  driver: DriverName,
): void {
  const constructor = members.find((member) => member.type === 'MethodDefinition' && member.kind === 'constructor');
  const ctor =
    constructor?.type === 'MethodDefinition' && constructor.value.type === 'FunctionExpression'
      ? constructor.value.params.map((param) => argumentOf(param, driver))
      : [];
  for (const member of members) {
    if (member.type !== 'MethodDefinition' && member.type !== 'PropertyDefinition') continue;
    if (member.key.type !== 'Identifier' || !member.value || !isFunction(member.value)) continue;
    if (member.type === 'MethodDefinition' && member.kind !== 'method') continue;
    const { name } = member.key;
    add(`${className}.${name}`, className, member.value, { name, isStatic: member.static }, ctor);
  }
}

/** Functions that acquire, or call one of the file that does. */
function closeOverCalls(candidates: readonly Candidate[]): Set<Candidate> {
  const acquiring = new Set<Candidate>();
  const names = new Set(ACQUIRING_NAMES);
  for (let grew = true; grew; ) {
    grew = false;
    for (const candidate of candidates) {
      if (acquiring.has(candidate) || ![...candidate.calls].some((name) => names.has(name))) continue;
      acquiring.add(candidate);
      names.add(candidate.calledAs);
      grew = true;
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

function driverOf(program: TSESTree.Program): DriverName {
  for (const statement of program.body) {
    if (statement.type !== 'ImportDeclaration') continue;
    if (statement.source.value === 'pg') return 'pg';
    if (statement.source.value === 'mysql2' || statement.source.value === 'mysql') return 'mysql2-callback';
    if (statement.source.value.startsWith('mysql2')) return 'mysql2';
  }
  return 'generic';
}

function argumentOf(param: TSESTree.Parameter, driver: DriverName): ArgumentKind {
  if (param.type === 'TSParameterProperty') return argumentOf(param.parameter, driver);
  if (param.type === 'AssignmentPattern') return { kind: 'value', name: 'default' };
  if (param.type === 'ObjectPattern') return { kind: 'options', name: 'options' };
  if (param.type !== 'Identifier') return { kind: 'value', name: 'value' };
  const { name } = param;
  const type = param.typeAnnotation?.typeAnnotation;
  const typeName = type?.type === 'TSTypeReference' && type.typeName.type === 'Identifier' ? type.typeName.name : '';
  if (typeName === 'Pool' || /^(pool|db)$/.test(name)) return { kind: 'pool', driver };
  if (/^(passed|given|existing|trx)/.test(name)) return { kind: 'maybe-handle', name };
  if (/^(opts|options)/.test(name)) return { kind: 'options', name };
  if (/^(flag|own|should)/.test(name)) return { kind: 'flag', name };
  if (/^(cb|callback|next)$/.test(name)) return { kind: 'callback', name };
  if (/^(ctx|state|req)/.test(name)) return { kind: 'outside', name };
  if (/^(c|client|conn|connection|handle)\d*$/.test(name)) return { kind: 'handle', name };
  return { kind: 'value', name };
}

function isFunction(node: TSESTree.Node): node is FunctionLike {
  return node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression' || node.type === 'ArrowFunctionExpression';
}
