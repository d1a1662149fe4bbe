/**
 * A source text made ready to be executed many times: instrumented, compiled, with a runtime and its entries.
 */
import { fakeKnex, fakeMysqlCallbackPool, fakeMysqlPool, fakePgPool, genericFunction, GENERIC_PAIRS, lendHandle, type DriverName } from './fake-drivers.ts';
import { ExecutionRuntime, type Chooser, type ObservedEvent } from './execution-runtime.ts';
import { findEntries, type ArgumentKind, type EntryPoint } from './find-entries.ts';
import { instrumentProgram } from './instrument-program.ts';
import { fakeModule, fakeResponse } from './fake-modules.ts';
import { entryCallback, opaqueGlobal, unknownTask } from './opaque-effects.ts';
import { parseProgram } from './parse-source.ts';
import { findProgramFile, hasFileLines } from '../program-files.ts';
import { drainReactions } from './task-queue.ts';
import type { CallSite } from './call-site-table.ts';

/** `suspended`: nothing is left to do, and something still waits. */
export type ExecutionEnd = 'returned' | 'threw' | 'exit' | 'abandoned' | 'suspended';

export interface ExecutionResult {
  readonly end: ExecutionEnd;
  /** What was returned or thrown. */
  readonly value: unknown;
  readonly events: readonly ObservedEvent[];
}

export interface ExecutableProgram {
  readonly source: string;
  readonly sites: readonly CallSite[];
  readonly entries: readonly EntryPoint[];
  /** Names of the parameters that choices are made for; a choice with site -1 - i is about parameter i. */
  readonly parameterChoices: readonly string[];
  /** Calls that reached a driver, or returned a handle, in any execution so far. */
  readonly acquiringSites: ReadonlySet<number>;
  run(entry: EntryPoint, chooser: Chooser): Promise<ExecutionResult>;
}

interface ModuleInstance {
  /** What other files can import. */
  readonly exported: Readonly<Record<string, unknown>>;
  /** What entries and classes are reached by. */
  readonly reached: Readonly<Record<string, unknown>>;
  readonly roots: readonly (() => unknown)[];
}

type Instances = ReadonlyMap<string, ModuleInstance>;

/** Prepares a program; `maxTurns` bounds the turns of each loop. */
export function prepareProgram(source: string, maxTurns = 2): ExecutableProgram {
  const parsed = parseProgram(source);
  const shape = findEntries(parsed);
  const { files, sites } = instrumentProgram(parsed, shape.reachedIn);
  const compiled = files.map(({ path, code }) => ({
    path,
    instantiate: new Function('rt', '__module', code) as (runtime: ExecutionRuntime, module: (name: string) => unknown) => ModuleInstance,
  }));
  const isPairSeen = (acquire: string): boolean =>
    shape.calledNames.has(GENERIC_PAIRS.find((pair) => pair[0] === acquire)?.[1] ?? '');

  const global = (name: string): unknown => {
    if (name === 'db' || name === 'pool') return genericReceiver();
    return genericFunction(runtime, name, isPairSeen) ?? opaqueGlobal(runtime, name);
  };
  const genericReceiver = (): object => {
    const receiver: Record<string, unknown> = {};
    for (const name of GENERIC_PAIRS.flat()) receiver[name] = genericFunction(runtime, name, isPairSeen);
    runtime.reach.seal(receiver);
    return receiver;
  };
  const runtime: ExecutionRuntime = new ExecutionRuntime(sites, maxTurns, global);
  const parameterChoices: string[] = [];

  /** Makes the modules afresh, in the order of the files: each finds what it imports. */
  const instantiateAll = (): Instances => {
    const instances = new Map<string, ModuleInstance>();
    for (const { path, instantiate } of compiled) {
      const load = (specifier: string): unknown => {
        const file = findProgramFile(compiled, path, specifier);
        if (!file && specifier.startsWith('.') && hasFileLines(source)) throw new Error(`${path} imports ${specifier}, which is not there`);
        if (!file) return fakeModule(runtime, specifier, global);
        const instance = instances.get(file.path);
        if (!instance) throw new Error(`${path} imports ${specifier}, which comes after it`);
        return path.endsWith('.cjs') && file.path.endsWith('.cjs') ? instance.exported.default : instance.exported;
      };
      instances.set(path, instantiate(runtime, load));
    }
    return instances;
  };
  const poolOf = (driver: DriverName): object =>
    driver === 'pg'
      ? fakePgPool(runtime)
      : driver === 'mysql2'
        ? fakeMysqlPool(runtime)
        : driver === 'mysql2-callback'
          ? fakeMysqlCallbackPool(runtime)
          : driver === 'knex'
            ? fakeKnex(runtime)
            : genericReceiver();
  const argumentValue = (argument: ArgumentKind, instances: Instances): unknown => {
    switch (argument.kind) {
      case 'pool':
        return poolOf(argument.driver);
      case 'value':
        return argument.name === 'default' ? undefined : 'value';
      case 'outside':
        return runtime.markOutside({});
      case 'callback':
        return entryCallback(runtime);
      case 'scoped':
        return unknownTask(runtime);
      case 'emitter':
        return fakeResponse(runtime);
      case 'handle':
        return lendHandle(runtime, shape.driver);
      case 'instance':
        return makeInstance(runtime, instances.get(argument.of.path)?.reached[argument.of.name], argument.of.arguments.map((inner) => argumentValue(inner, instances)));
      default: {
        let index = parameterChoices.indexOf(argument.name);
        if (index < 0) index = parameterChoices.push(argument.name) - 1;
        const isGiven = runtime.choose(2, -1 - index) === 1;
        if (argument.kind === 'flag') return isGiven;
        const handle = isGiven ? lendHandle(runtime, shape.driver) : undefined;
        return argument.kind === 'options' ? runtime.markOutside({ client: handle, conn: handle }) : handle;
      }
    }
  };

  return {
    source,
    sites,
    entries: shape.entries,
    parameterChoices,
    acquiringSites: runtime.acquiringSites,
    async run(entry, chooser) {
      runtime.reset(chooser);
      const instances = instantiateAll();
      let end: ExecutionEnd = 'suspended';
      let value: unknown;
      void runEntry(runtime, instances.get(entry.path), entry, (argument) => argumentValue(argument, instances)).then((how) => void ({ end, value } = how));
      await runToRest(runtime);
      const roots = [...instances.values()].flatMap((instance) => instance.roots);
      runtime.finish(roots, end === 'suspended' || runtime.floating > 0);
      return { end: runtime.stopped ?? end, value, events: runtime.stopped === 'abandoned' ? [] : runtime.events };
    },
  };
}

/** Somebody outside has the instance: what it stores outlives the execution. */
function makeInstance(runtime: ExecutionRuntime, target: unknown, values: readonly unknown[]): object {
  return runtime.markOutside(new (target as new (...given: readonly unknown[]) => object)(...values));
}

/** Runs reactions and tasks until nothing is left that could run. */
async function runToRest(runtime: ExecutionRuntime): Promise<void> {
  for (;;) {
    await drainReactions();
    const task = runtime.stopped ? undefined : runtime.tasks.take();
    if (!task) return;
    if (runtime.tasks.isOverBound) runtime.stopped = 'abandoned';
    else task();
  }
}

async function runEntry(
  runtime: ExecutionRuntime,
  instance: ModuleInstance | undefined,
  entry: EntryPoint,
  argumentValue: (argument: ArgumentKind) => unknown,
): Promise<Pick<ExecutionResult, 'end' | 'value'>> {
  try {
    const target = instance?.reached[entry.binding];
    let receiver: unknown;
    let callee = target;
    if (entry.method) {
      receiver = target;
      if (!entry.method.isStatic) receiver = makeInstance(runtime, target, entry.constructorArguments.map(argumentValue));
      callee = (receiver as Record<string, unknown>)[entry.method.name];
    }
    const values = entry.arguments.map(argumentValue);
    runtime.caller = runtime.root;
    runtime.site = -1;
    const result: unknown = (callee as (...values: unknown[]) => unknown).apply(receiver, values);
    if (entry.isGenerator) {
      await consume(runtime, result as Generator<unknown>);
      return { end: 'returned', value: undefined };
    }
    return { end: 'returned', value: result instanceof Promise ? await result : result };
  } catch (error) {
    runtime.noteError(error);
    return { end: 'threw', value: error };
  }
}

/** A consumer that may, at every `yield`, go on, stop, or throw into the generator. */
async function consume(runtime: ExecutionRuntime, generator: Generator<unknown> | AsyncGenerator<unknown>): Promise<void> {
  let step = await generator.next();
  while (!step.done) {
    switch (runtime.choose(3, runtime.lastYield)) {
      case 0:
        step = await generator.next();
        break;
      case 1:
        step = await generator.return(undefined);
        break;
      default:
        step = await generator.throw(runtime.opaqueError(runtime.lastYield));
    }
  }
}
