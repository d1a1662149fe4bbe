/**
 * A source text made ready to be executed many times: instrumented, compiled, with a runtime and its entries.
 */
import { fakeMysqlCallbackPool, fakeMysqlPool, fakePgClient, fakePgPool, genericFunction, GENERIC_PAIRS, lendHandle, type DriverName } from './fake-drivers.ts';
import { ExecutionRuntime, type Chooser, type ObservedEvent } from './execution-runtime.ts';
import { findEntries, type ArgumentKind, type EntryPoint } from './find-entries.ts';
import { instrumentProgram } from './instrument-program.ts';
import { entryCallback, opaqueGlobal } from './opaque-effects.ts';
import { parseSource } from './parse-source.ts';
import { drainReactions } from './task-queue.ts';
import type { CallSite } from './call-site-table.ts';

/** `suspended`: nothing is left to do, and something still waits. */
export type ExecutionEnd = 'returned' | 'threw' | 'exit' | 'abandoned' | 'suspended';

export interface ExecutionResult {
  readonly end: ExecutionEnd;
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
  readonly exported: Readonly<Record<string, unknown>>;
  readonly roots: readonly (() => unknown)[];
}

/** Prepares a program; `maxTurns` bounds the turns of each loop. */
export function prepareProgram(source: string, maxTurns = 2): ExecutableProgram {
  const parsed = parseSource(source);
  const shape = findEntries(parsed);
  const { code, sites } = instrumentProgram(parsed, [...new Set(shape.entries.map((entry) => entry.binding))]);
  const instantiate = new Function('rt', code) as (runtime: ExecutionRuntime) => ModuleInstance;
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
  const runtime: ExecutionRuntime = new ExecutionRuntime(sites, maxTurns, global, (name) => fakeModule(runtime, name, global));
  const parameterChoices: string[] = [];

  const poolOf = (driver: DriverName): object =>
    driver === 'pg'
      ? fakePgPool(runtime)
      : driver === 'mysql2'
        ? fakeMysqlPool(runtime)
        : driver === 'mysql2-callback'
          ? fakeMysqlCallbackPool(runtime)
          : genericReceiver();
  const argumentValue = (argument: ArgumentKind): unknown => {
    if (argument.kind === 'pool') return poolOf(argument.driver);
    if (argument.kind === 'value') return argument.name === 'default' ? undefined : 'value';
    if (argument.kind === 'outside') return runtime.markOutside({});
    if (argument.kind === 'callback') return entryCallback(runtime);
    if (argument.kind === 'handle') return lendHandle(runtime, shape.driver);
    let index = parameterChoices.indexOf(argument.name);
    if (index < 0) index = parameterChoices.push(argument.name) - 1;
    const isGiven = runtime.choose(2, -1 - index) === 1;
    if (argument.kind === 'flag') return isGiven;
    const handle = isGiven ? lendHandle(runtime, shape.driver) : undefined;
    return argument.kind === 'options' ? runtime.markOutside({ client: handle, conn: handle }) : handle;
  };

  return {
    source,
    sites,
    entries: shape.entries,
    parameterChoices,
    acquiringSites: runtime.acquiringSites,
    async run(entry, chooser) {
      runtime.reset(chooser);
      const instance = instantiate(runtime);
      let end: ExecutionEnd = 'suspended';
      void runEntry(runtime, instance, entry, argumentValue).then((how) => void (end = how));
      await runToRest(runtime);
      runtime.finish(instance.roots, end === 'suspended' || runtime.floating > 0);
      return { end: runtime.stopped ?? end, events: runtime.stopped === 'abandoned' ? [] : runtime.events };
    },
  };
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
  instance: ModuleInstance,
  entry: EntryPoint,
  argumentValue: (argument: ArgumentKind) => unknown,
): Promise<ExecutionEnd> {
  try {
    const target = instance.exported[entry.binding];
    let receiver: unknown;
    let callee = target;
    if (entry.method) {
      receiver = target;
      if (!entry.method.isStatic) {
        const Class = target as new (...values: unknown[]) => object;
        receiver = runtime.markOutside(new Class(...entry.constructorArguments.map(argumentValue)));
      }
      callee = (receiver as Record<string, unknown>)[entry.method.name];
    }
    const values = entry.arguments.map(argumentValue);
    runtime.caller = runtime.root;
    runtime.site = -1;
    const result: unknown = (callee as (...values: unknown[]) => unknown).apply(receiver, values);
    if (entry.isGenerator) await consume(runtime, result as Generator<unknown>);
    else if (result instanceof Promise) await result;
    return 'returned';
  } catch (error) {
    runtime.noteError(error);
    return 'threw';
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
        step = await generator.throw(runtime.opaqueError());
    }
  }
}

function fakeModule(runtime: ExecutionRuntime, name: string, global: (name: string) => unknown): unknown {
  if (name === 'pg') {
    const exports = {
      Pool: function () { return fakePgPool(runtime); },
      Client: function () { return fakePgClient(runtime); },
    };
    return { ...exports, default: exports };
  }
  if (name === 'mysql2/promise') {
    const exports = { createPool: () => fakeMysqlPool(runtime) };
    return { ...exports, default: exports };
  }
  if (name === 'mysql2' || name === 'mysql') {
    const exports = { createPool: () => fakeMysqlCallbackPool(runtime) };
    return { ...exports, default: exports };
  }
  return new Proxy({}, { get: (_target, key) => global(String(key)) });
}
