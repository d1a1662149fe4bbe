/** Values for the parameters of a fixture's functions, by their types as they are written. */
import { parse } from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';
import { Kysely, PostgresDialect } from 'kysely';
import { createPool } from './stand-ins/generic-pool.ts';
import createKnex from './stand-ins/knex.ts';
import { Pool } from './stand-ins/pg.ts';
import { Sequelize } from './stand-ins/sequelize.ts';
import { DataSource } from './stand-ins/typeorm.ts';
import { world } from './world.ts';

/** One way to call a function: `make` gives new arguments each time. */
export interface Given {
  readonly make: () => readonly unknown[];
}

/** What the text declares and does not have: functions, what they do is noted, and what connections are taken from. */
export function declareGlobals(text: string): void {
  const globals = globalThis as Record<string, unknown>;
  for (const { groups } of text.matchAll(/^declare function (?<name>\w+)(?:<\w+>)?\([^)]*\): (?<type>[^;]+);/gm)) globals[groups!['name']!] = effect(groups!['name']!, groups!['type']!);
  const program = parse(text, { range: true, sourceType: 'module' }) as TSESTree.Program;
  const types = new TypesOfText(text, program);
  for (const statement of program.body) {
    if (statement.type !== 'VariableDeclaration' || !statement.declare) continue;
    for (const { id } of statement.declarations) if (id.type === 'Identifier') globals[id.name] = types.ofParameter(id)?.[0]?.();
  }
}

/** A function that others see called, and that fails where its turn has come: by its promise where it gives one. */
function effect(name: string, type: string): (...given: readonly unknown[]) => unknown {
  return (...given) => {
    const fails = world.note(`${name}(${given.map((one) => (typeof one === 'object' && one !== null && !(one instanceof Error) && !Array.isArray(one) ? 'object' : String(one))).join(', ')})`);
    const inner = /^Promise<(?<inner>.*)>$/s.exec(type.trim())?.groups?.['inner'];
    if (fails) {
      const error = new Error(`${name} fails`);
      if (inner === undefined) throw error;
      const rejected = Promise.reject(error);
      // The code may leave before it waits for it.
      rejected.catch(() => undefined);
      return rejected;
    }
    return inner === undefined ? valueOf(type) : Promise.resolve(valueOf(inner));
  };
}

function valueOf(type: string): unknown {
  switch (type.trim()) {
    case 'number':
      return 1;
    case 'string':
      return 'a';
    case 'boolean':
      return true;
    default:
      return undefined;
  }
}

/** Made when it is first asked for, and then the same. */
function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}

/** What connections are taken from, by module and type: none of the fixture's own. */
const SOURCES: Readonly<Record<string, () => unknown>> = {
  'pg Pool': once(() => new Pool()),
  'knex Knex': once(() => createKnex()),
  'sequelize Sequelize': once(() => new Sequelize()),
  'typeorm DataSource': once(() => new DataSource()),
  'kysely Kysely': once(() => new Kysely<object>({ dialect: new PostgresDialect({ pool: new Pool() }) })),
  'generic-pool Pool': once(() => createPool({ create: async () => ({ id: 1 }), destroy: async () => undefined })),
};

/** What a text says of its types. */
class TypesOfText {
  private readonly modules = new Map<string, string>();
  private readonly interfaces = new Map<string, readonly TSESTree.TypeElement[]>();

  constructor(private readonly text: string, program: TSESTree.Program) {
    for (const statement of program.body) {
      const declared = statement.type === 'ExportNamedDeclaration' ? statement.declaration : statement;
      if (declared?.type === 'TSInterfaceDeclaration') this.interfaces.set(declared.id.name, declared.body.body);
      if (statement.type === 'ImportDeclaration') for (const { local } of statement.specifiers) this.modules.set(local.name, statement.source.value);
    }
  }

  /** The values to try for a parameter. Undefined: none is known for its type. */
  ofParameter(parameter: TSESTree.Parameter): ((() => unknown)[]) | undefined {
    const inner = parameter.type === 'TSParameterProperty' ? parameter.parameter : parameter;
    const target = inner.type === 'AssignmentPattern' ? inner.left : inner;
    if (target.type !== 'Identifier' || target.typeAnnotation === undefined) return undefined;
    const values = this.of(target.typeAnnotation.typeAnnotation, target.name);
    return target.optional === true ? [() => undefined, ...(values ?? [])] : values;
  }

  private of(type: TSESTree.TypeNode, name: string): ((() => unknown)[]) | undefined {
    if (type.type === 'TSTypeOperator' && type.operator === 'readonly' && type.typeAnnotation !== undefined) return this.of(type.typeAnnotation, name);
    if (type.type === 'TSFunctionType') return [() => effect(name, type.returnType === undefined ? 'void' : this.text.slice(...type.returnType.typeAnnotation.range))];
    if (type.type === 'TSTypeLiteral') return this.ofMembers(type.members);
    if (type.type === 'TSArrayType') {
      if (type.elementType.type === 'TSNumberKeyword') return [() => [1, -1, 2], () => []];
      if (type.elementType.type === 'TSStringKeyword') return [() => ['a', 'b'], () => []];
      const elements = this.of(type.elementType, name);
      return elements === undefined ? undefined : [() => elements.map((make) => make()), () => []];
    }
    if (type.type === 'TSTypeReference' && type.typeName.type === 'Identifier') {
      const source = SOURCES[`${this.modules.get(type.typeName.name) ?? ''} ${type.typeName.name}`];
      if (source !== undefined) return [source];
      const members = this.interfaces.get(type.typeName.name);
      return members === undefined ? undefined : this.ofMembers(members);
    }
    switch (type.type) {
      case 'TSNumberKeyword':
        return [() => 1, () => 0, () => -1];
      case 'TSStringKeyword':
        // Also what the text asks for.
        return ['a', '', ...[...this.text.matchAll(/(?:case|===) '(?<asked>[^']*)'/g)].map(({ groups }) => groups!['asked']!)].map((value) => () => value);
      case 'TSBooleanKeyword':
        return [() => true, () => false];
      case 'TSObjectKeyword':
        return [() => ({ id: 1 })];
      default:
        return undefined;
    }
  }

  /** Objects with what they need to have. */
  private ofMembers(members: readonly TSESTree.TypeElement[]): ((() => unknown)[]) | undefined {
    const values: [string, (() => unknown)[]][] = [];
    for (const member of members) {
      if (member.type !== 'TSPropertySignature' || member.key.type !== 'Identifier' || member.typeAnnotation === undefined) return undefined;
      if (member.optional) continue;
      const known = this.of(member.typeAnnotation.typeAnnotation, member.key.name);
      if (known === undefined) return undefined;
      values.push([member.key.name, known]);
    }
    return inTurn(values.map(([, known]) => known)).map((make) => () => {
      const made = make();
      return Object.fromEntries(values.map(([name], index) => [name, made[index]]));
    });
  }
}

/** Each of the values at least once, side by side. */
function inTurn(values: readonly (readonly (() => unknown)[])[]): (() => readonly unknown[])[] {
  const count = Math.max(1, ...values.map((options) => options.length));
  return Array.from({ length: count }, (_, turn) => () => values.map((options) => options[turn % options.length]!()));
}

type Callee = (...given: readonly unknown[]) => unknown;

/** An exported function of a text, or a method of an exported class, and how it may be called. */
export interface CalledFunction {
  readonly name: string;
  /** Its first and last line. */
  readonly lines: readonly [number, number];
  readonly given: readonly Given[];
  /** The function, in what the text exports when it is loaded. Of a method, the arguments begin with those of the construction. */
  of(loaded: Readonly<Record<string, unknown>>): Callee;
}

/** The exported functions of a text, but for those with parameters of other types than are known here. */
export function callsOf(text: string): readonly CalledFunction[] {
  const found: CalledFunction[] = [];
  const program = parse(text, { range: true, loc: true, sourceType: 'module' }) as TSESTree.Program;
  const types = new TypesOfText(text, program);
  const add = (name: string, { loc }: TSESTree.Node, parameters: readonly TSESTree.Parameter[], of: CalledFunction['of']): void => {
    const values = parameters.map((parameter) => types.ofParameter(parameter));
    if (values.some((value) => value === undefined)) return;
    found.push({ name, lines: [loc.start.line, loc.end.line], given: inTurn(values as (() => unknown)[][]).map((make): Given => ({ make })), of });
  };
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration') continue;
    const { declaration } = statement;
    if (declaration?.type === 'FunctionDeclaration' && declaration.id !== null) {
      const { name } = declaration.id;
      add(name, declaration, declaration.params, (loaded) => loaded[name] as Callee);
    }
    if (declaration?.type === 'ClassDeclaration' && declaration.id !== null && declaration.superClass === null) addMethods(declaration.id.name, declaration.body.body, add);
  }
  return found;
}

function addMethods(name: string, members: readonly TSESTree.ClassElement[], add: (name: string, node: TSESTree.Node, parameters: readonly TSESTree.Parameter[], of: CalledFunction['of']) => void): void {
  const isMethod = (member: TSESTree.ClassElement): member is TSESTree.MethodDefinition => member.type === 'MethodDefinition' && member.value.type === 'FunctionExpression';
  const construction = members.filter(isMethod).find(({ kind }) => kind === 'constructor')?.value.params ?? [];
  for (const member of members.filter(isMethod)) {
    if (member.kind !== 'method' || member.key.type !== 'Identifier' || member.computed) continue;
    const method = member.key.name;
    const { isStatic, given } = { isStatic: member.static, given: member.value.params };
    add(`${name}.${method}`, member, isStatic ? given : [...construction, ...given], (loaded) => {
      const Class = loaded[name] as (new (...given: readonly unknown[]) => object) & object;
      return (...all) => {
        const holder = (isStatic ? Class : new Class(...all.slice(0, construction.length))) as Readonly<Record<string, Callee>>;
        return holder[method]!(...(isStatic ? all : all.slice(construction.length)));
      };
    });
  }
}
