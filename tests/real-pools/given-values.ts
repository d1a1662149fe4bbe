/** Values for the parameters of a fixture's functions, by their types as they are written. */
import { parse } from '@typescript-eslint/parser';
import type { TSESTree } from '@typescript-eslint/utils';
import { Pool } from './pg.ts';
import { world } from './world.ts';

/** One way to call a function: `make` gives new arguments each time. */
export interface Given {
  readonly make: () => readonly unknown[];
}

/** Functions that the text declares without a body: what they do is noted. */
export function declareGlobals(text: string): void {
  for (const { groups } of text.matchAll(/^declare function (?<name>\w+)\([^)]*\): (?<type>[^;]+);/gm)) {
    (globalThis as Record<string, unknown>)[groups!['name']!] = effect(groups!['name']!, valueOf(groups!['type']!));
  }
}

/** A function that others see called, and that fails where its turn has come; what it is given runs, as a callback would. */
function effect(name: string, result: unknown): (...given: readonly unknown[]) => unknown {
  return (...given) => {
    const fails = world.note(`${name}(${given.map((one) => (typeof one === 'object' && one !== null && !(one instanceof Error) && !Array.isArray(one) ? 'object' : String(one))).join(', ')})`);
    if (fails) throw new Error(`${name} fails`);
    return result;
  };
}

function valueOf(type: string): unknown {
  const inner = /^Promise<(?<inner>.*)>$/s.exec(type.trim())?.groups?.['inner'];
  if (inner !== undefined) return Promise.resolve(valueOf(inner));
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

/** A pool that is none of the module's own. */
function anotherPool(): Pool {
  another ??= new Pool();
  return another;
}

let another: Pool | undefined;

/** The values to try for a parameter. Undefined: none is known for its type. */
function valuesOf(text: string, parameter: TSESTree.Parameter): ((() => unknown)[]) | undefined {
  const target = parameter.type === 'AssignmentPattern' ? parameter.left : parameter;
  if (target.type !== 'Identifier' || target.typeAnnotation === undefined) return undefined;
  const name = target.name;
  const type = target.typeAnnotation.typeAnnotation;
  const spelt = text.slice(...type.range);
  if (spelt === 'Pool') return [() => anotherPool()];
  if (type.type === 'TSFunctionType') {
    const result = type.returnType === undefined ? 'void' : text.slice(...type.returnType.typeAnnotation.range);
    return [() => effect(name, valueOf(result))];
  }
  switch (spelt) {
    case 'number':
      return [() => 1, () => 0, () => -1];
    case 'string':
      return [() => 'a', () => ''];
    case 'boolean':
      return [() => true, () => false];
    case 'number[]':
    case 'readonly number[]':
      return [() => [1, -1, 2], () => []];
    case 'string[]':
      return [() => ['a', 'b'], () => []];
    default:
      return undefined;
  }
}

/** An exported function of a text, and how it may be called. */
export interface CalledFunction {
  readonly name: string;
  /** Its first and last line. */
  readonly lines: readonly [number, number];
  readonly given: readonly Given[];
}

/** The exported functions of a text, but for those with parameters of other types than are known here. */
export function callsOf(text: string): readonly CalledFunction[] {
  const found: CalledFunction[] = [];
  const program = parse(text, { range: true, loc: true, sourceType: 'module' }) as TSESTree.Program;
  for (const statement of program.body) {
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'FunctionDeclaration' || statement.declaration.id === null) continue;
    const values = statement.declaration.params.map((parameter) => valuesOf(text, parameter));
    if (values.some((value) => value === undefined)) continue;
    const known = values as (() => unknown)[][];
    // Each value of each parameter at least once.
    const count = Math.max(1, ...known.map((options) => options.length));
    const given = Array.from({ length: count }, (_, turn): Given => ({ make: () => known.map((options) => options[turn % options.length]!()) }));
    found.push({ name: statement.declaration.id.name, lines: [statement.loc.start.line, statement.loc.end.line], given });
  }
  return found;
}
