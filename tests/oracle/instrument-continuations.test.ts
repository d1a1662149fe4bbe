/**
 * The same check for chains, callbacks and programs of several files as `instrument-program.test.ts` makes for statements: the
 * instrumented form does, call for call, what the plain one does.
 */
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ExecutionRuntime } from './executor/execution-runtime.ts';
import { COMMONJS_NAMES, findCaptures } from './executor/find-captures.ts';
import { findEntries, type ProgramShape } from './executor/find-entries.ts';
import { DEFAULT_EXPORT, instrumentProgram } from './executor/instrument-program.ts';
import { parseProgram, type ParsedSource } from './executor/parse-source.ts';
import { generateProgram } from './generator/generate-program.ts';
import { findProgramFile } from './program-files.ts';
import { ScheduledWorld } from './scheduled-world.ts';

/** The runtime decides these by a choice of its own. */
const NOT_COMPARED = ['Promise.race', 'Promise.any', 'import()'];

type Reached = Readonly<Record<string, unknown>>;
interface Loaded {
  reached(path: string): Reached;
  /** Did the runtime end the execution? */
  isStopped(): boolean;
}

type Load = (specifier: string) => unknown;
type Instantiate<Result> = (load: Load) => Result;

/** Makes the modules one after the other, each with what it imports. */
function loadAll<Result>(files: readonly { readonly path: string; readonly instantiate: Instantiate<Result> }[], world: ScheduledWorld, exportsOf: (result: Result, importer: string) => unknown): Map<string, Result> {
  const loaded = new Map<string, Result>();
  for (const { path, instantiate } of files) {
    loaded.set(path, instantiate((specifier) => {
      const file = findProgramFile(files, path, specifier);
      const result = file && loaded.get(file.path);
      return result === undefined ? world.module(specifier) : exportsOf(result, path);
    }));
  }
  return loaded;
}

function instrumented(files: readonly ParsedSource[], shape: ProgramShape): (world: ScheduledWorld) => Loaded {
  const program = instrumentProgram(files, shape.reachedIn);
  interface Instance { readonly exported: Record<string, unknown>; readonly reached: Reached }
  const compiled = program.files.map(({ path, code }) => ({ path, make: new Function('rt', '__module', code) as (runtime: ExecutionRuntime, load: Load) => Instance }));
  return (world) => {
    const runtime = new ExecutionRuntime(program.sites, 12, (name) => world.global(name));
    const modules = compiled.map(({ path, make }) => ({ path, instantiate: (load: Load) => make(runtime, load) }));
    const loaded = loadAll(modules, world, ({ exported }, importer) => (importer.endsWith('.cjs') && exported.default !== undefined ? exported.default : exported));
    return { reached: (path) => loaded.get(path)?.reached ?? {}, isStopped: () => runtime.stopped !== undefined };
  };
}

function plain(files: readonly ParsedSource[], shape: ProgramShape): (world: ScheduledWorld) => Loaded {
  const compilerOptions = { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.CommonJS, esModuleInterop: true };
  const compiled = files.map((file) => {
    const { outputText } = ts.transpileModule(file.source, { compilerOptions });
    const { globals } = findCaptures(file);
    const valueOf = (name: string): string => (name === DEFAULT_EXPORT ? 'exports.default' : name === 'module.exports' ? name : `typeof ${name} === 'undefined' ? exports.${name} : ${name}`);
    const reached = shape.reachedIn(file.path).map((name) => `${JSON.stringify(name)}: ${valueOf(name)}`);
    const make = new Function(...COMMONJS_NAMES, ...globals, `${outputText}\nreturn { ${reached.join(', ')} };`) as (...values: unknown[]) => Reached;
    return { path: file.path, globals, make };
  });
  return (world) => {
    const modules = compiled.map(({ path, globals, make }) => ({
      path,
      instantiate: (load: Load) => {
        const module = { exports: {} };
        return { reached: make(load, module, module.exports, ...globals.map((name) => world.global(name))), module };
      },
    }));
    const loaded = loadAll(modules, world, ({ module }) => module.exports);
    return { reached: (path) => loaded.get(path)?.reached ?? {}, isStopped: () => false };
  };
}

describe('instrumented continuations and modules', () => {
  // A plain program leaves rejections to nobody; that is part of what is compared, and no fault of the test.
  let listeners: NodeJS.UnhandledRejectionListener[] = [];
  beforeAll(() => {
    listeners = process.listeners('unhandledRejection');
    process.removeAllListeners('unhandledRejection').on('unhandledRejection', () => undefined);
  });
  afterAll(() => {
    process.removeAllListeners('unhandledRejection');
    for (const listener of listeners) process.on('unhandledRejection', listener);
  });

  it.each(['continuations', 'modules'])('%s do what the plain ones do', async (family) => {
    let compared = 0;
    let calls = 0;
    for (let index = 0; index < 250; index++) {
      const { source, constructs } = generateProgram(29, index, family);
      if (NOT_COMPARED.some((name) => constructs.has(name))) continue;
      const files = parseProgram(source);
      const shape = findEntries(files);
      const makePlain = plain(files, shape);
      const makeInstrumented = instrumented(files, shape);
      for (const entry of shape.entries) {
        for (let seed = 0; seed < 4; seed++) {
          const world = new ScheduledWorld(seed);
          const { reached, isStopped } = makeInstrumented(world);
          const log = await world.run(reached, entry);
          if (isStopped()) continue; // loops beyond the bound
          const plainWorld = new ScheduledWorld(seed);
          expect(await plainWorld.run(makePlain(plainWorld).reached, entry), `${entry.name}, seed ${seed}, program ${index}\n${source}`).toEqual(log);
          compared++;
          calls += log.length;
        }
      }
    }
    expect(compared).toBeGreaterThan(700);
    expect(calls / compared).toBeGreaterThan(3);
  }, 120_000);
});
