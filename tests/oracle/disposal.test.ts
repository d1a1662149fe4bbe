/**
 * The lowering of `using` against TypeScript's own down-levelling, which follows the specification: the same order of
 * dispose calls, the same ends, the same suppressed errors, for every combination of resources and ends of the block.
 */
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { ExecutionRuntime } from './executor/execution-runtime.ts';
import { instrumentProgram } from './executor/instrument-program.ts';
import { parseSource } from './executor/parse-source.ts';

type Main = () => Promise<unknown>;
interface Lowered {
  readonly main: Main;
  readonly log: string[];
}

function environment(log: string[]): Record<string, unknown> {
  const note = (text: string): void => void log.push(text);
  const resource = (name: string, kind: string): unknown => {
    note(`make ${name}`);
    switch (kind) {
      case 'null':
        return null;
      case 'plain':
        return {};
      case 'sync':
        return { [Symbol.dispose]: () => note(`dispose ${name}`) };
      case 'sync throws':
        return { [Symbol.dispose]() { note(`dispose ${name}`); throw new Error(`dispose ${name}`); } };
      case 'async':
        return { async [Symbol.asyncDispose]() { note(`start ${name}`); await undefined; note(`end ${name}`); } };
      case 'async rejects':
        return { async [Symbol.asyncDispose]() { note(`start ${name}`); await undefined; throw new Error(`dispose ${name}`); } };
      default:
        throw new Error(kind);
    }
  };
  const list = (): unknown[] => [resource('x', 'sync'), resource('y', 'sync')];
  return { note, resource, list };
}

function byOracle(source: string): Lowered {
  const log: string[] = [];
  const names = environment(log);
  const { files, sites } = instrumentProgram([parseSource(source)], () => ['main']);
  const runtime = new ExecutionRuntime(sites, 10, (name) => names[name]);
  const instantiate = new Function('rt', '__module', files[0]?.code ?? '') as (rt: ExecutionRuntime, module: () => object) => { reached: { main: Main } };
  return { main: instantiate(runtime, () => ({})).reached.main, log };
}

function byTypeScript(source: string): Lowered {
  const log: string[] = [];
  const names = environment(log);
  const { outputText } = ts.transpileModule(source, { compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext } });
  const make = new Function(...Object.keys(names), `${outputText.replace(/^export /gm, '')}\nreturn main;`) as (...values: unknown[]) => Main;
  return { main: make(...Object.values(names)), log };
}

interface ErrorShape {
  readonly name?: string;
  readonly message?: string;
  readonly error?: unknown;
  readonly suppressed?: unknown;
}

/** The end of an execution without the wording of TypeErrors. */
function shapeOf(error: unknown): unknown {
  const { name, message, error: inner, suppressed } = error as ErrorShape;
  if (error instanceof TypeError) return 'TypeError';
  return name === 'SuppressedError' ? { error: shapeOf(inner), suppressed: shapeOf(suppressed) } : message;
}

async function run({ main, log }: Lowered): Promise<unknown> {
  try {
    return { log, value: await main() };
  } catch (error) {
    return { log, error: shapeOf(error) };
  }
}

const KINDS = ['null', 'plain', 'sync', 'sync throws', 'async', 'async rejects'];
const ENDS = ['note("body");', 'note("body"); throw new Error("body");', 'note("body"); return "value";'];

function* programs(): Generator<string> {
  for (const end of ENDS) {
    for (const first of KINDS) {
      for (const second of KINDS) {
        for (const [one, two] of [['using', 'using'], ['await using', 'using'], ['using', 'await using'], ['await using', 'await using']]) {
          const declarations = `${one} a = resource('a', '${first}'); note('between'); ${two} b = resource('b', '${second}');`;
          yield `export async function main() { { ${declarations} ${end} } note('after'); return 'end'; }`;
        }
      }
    }
  }
}

describe('using is lowered as the specification says', () => {
  it('for every pair of resources and every end of the block', async () => {
    let compared = 0;
    for (const source of programs()) {
      expect(await run(byOracle(source)), source).toEqual(await run(byTypeScript(source)));
      compared++;
    }
    expect(compared).toBe(3 * 6 * 6 * 4);
  }, 60_000);

  it.each([
    `export async function main() { for (using x of list()) { note('turn'); } }`,
    `export async function main() { for (using x of list()) { note('turn'); break; } note('after'); }`,
    `export async function main() { for (await using x of list()) { note('turn'); } }`,
    `export async function main() { outer: for (;;) { using a = resource('a', 'sync'); { using b = resource('b', 'sync'); break outer; } } note('after'); }`,
    `export async function main() { using a = resource('a', 'sync'), b = resource('b', 'sync throws'); note('body'); }`,
    `export async function main() { try { using a = resource('a', 'sync throws'); return 'lost'; } catch (error) { note('caught'); return error.message; } }`,
    `export async function main() { function inner() { using a = resource('a', 'sync'); return 'inner'; } note(inner()); }`,
  ])('%s', async (source) => {
    expect(await run(byOracle(source))).toEqual(await run(byTypeScript(source)));
  });
});
