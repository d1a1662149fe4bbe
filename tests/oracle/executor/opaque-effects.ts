/**
 * The functions that generated programs call and nobody has read: each outcome is a choice of the explorer.
 *
 * `step(k)`, `work(k)`, `value(k)` and any other unknown name: return or throw. `cond(k)`: false, true or throw. `size(k)`: a
 * limit that is reached, one that is not, or throw. `pick(k)`: 0, 1, something else, or throw. `items(k)` / `rows(k)`: an
 * iterable whose every step ends, yields or throws. `table(k)`: an object with 0, 1 or 2 keys, or throw. `new X(handle)` of
 * an unknown class takes the handle when it returns. `task(k)`: a promise that is fulfilled or rejected (throw: doubtful). `list(k)`: an array
 * of 0 or 2 elements, or throw. `console`, timers and listeners never throw; a timer's function runs later.
 */
import type { ExecutionRuntime } from './execution-runtime.ts';
import { quietRejection } from './quiet-rejection.ts';
import type { Task } from './task-queue.ts';

/** What an undeclared name stands for. */
export function opaqueGlobal(runtime: ExecutionRuntime, name: string): unknown {
  switch (name) {
    case 'cond':
      return () => outcome(runtime, [() => false, () => true]);
    case 'size':
      return () => outcome(runtime, [() => 0, () => Infinity]);
    case 'pick':
      return () => outcome(runtime, [() => 0, () => 1, () => 2]);
    case 'items':
      return () => opaqueIterable(runtime);
    case 'rows':
      return () => opaqueAsyncIterable(runtime);
    case 'table':
      return () => outcome(runtime, [() => ({}), () => ({ a: 1 }), () => ({ a: 1, b: 2 })]);
    case 'task':
      return () => unknownPromise(runtime);
    case 'list':
      return () => outcome(runtime, [() => [1, 2], () => []]);
    case 'registry':
      return runtime.markOutside({});
    case 'console':
      return { log: nothing, warn: nothing, error: nothing, info: nothing, debug: nothing };
    case 'process':
      return {
        exit: () => runtime.stop('exit'),
        nextTick: (callback: unknown, ...values: unknown[]) => void runtime.callLater('next-tick', callback, values),
      };
    case 'setTimeout':
      return (callback: unknown, _delay: unknown, ...values: unknown[]) => runtime.callLater('queued', callback, values);
    case 'setImmediate':
    case 'queueMicrotask':
      return (callback: unknown, ...values: unknown[]) => runtime.callLater('queued', callback, values);
    case 'clearTimeout':
    case 'clearImmediate':
      return (task: unknown) => void runtime.tasks.cancel(task as Task);
    default:
      return opaqueFunction(runtime);
  }
}

/** A function or constructor that borrows, or takes, what it is given. */
export function opaqueFunction(runtime: ExecutionRuntime): unknown {
  return function (...values: unknown[]): unknown {
    const isConstructor = new.target !== undefined;
    runtime.borrow(values);
    if (isConstructor && runtime.leadsToHandle(values)) {
      // An owner object that takes a handle is not expected to throw while it does (shapes.md, "handed to an owner object").
      runtime.transfer(values);
      return undefined;
    }
    if (runtime.choose(2) === 1) throw runtime.opaqueError();
    if (isConstructor) {
      runtime.transfer(values);
      return undefined; // the new object itself
    }
    return 'value';
  };
}

/** The callback that an entry was given: `callback(null, handle)` hands the handle over. */
export function entryCallback(runtime: ExecutionRuntime): unknown {
  return (...values: unknown[]): undefined => {
    const results = values[0] === null || values[0] === undefined ? values.slice(1) : [];
    if (runtime.holdsHandle(results)) {
      runtime.transfer(results);
      return;
    }
    runtime.borrow(values);
    if (runtime.choose(2) === 1) throw runtime.opaqueError();
  };
}

/** A function that an entry was given to do something with what it lends (`withClient(work)`): it returns a promise, or throws. */
export function unknownTask(runtime: ExecutionRuntime): unknown {
  return (...values: unknown[]): Promise<unknown> => {
    runtime.borrow(values);
    return unknownPromise(runtime);
  };
}

/** What an unknown function returns that returns promises. Whether one may throw instead, before any reaction is attached, is open. */
function unknownPromise(runtime: ExecutionRuntime): Promise<unknown> {
  const choice = runtime.choose(3);
  if (choice === 2) {
    runtime.isDoubtful = true;
    throw runtime.opaqueError();
  }
  return choice === 1 ? quietRejection(runtime.opaqueError()) : Promise.resolve('value');
}

function nothing(): void {
  // never throws, keeps nothing
}

function outcome<T>(runtime: ExecutionRuntime, results: readonly (() => T)[]): T {
  const result = results[runtime.choose(results.length + 1)];
  if (!result) throw runtime.opaqueError();
  return result();
}

/** One step of an iterable made by the call at `site`. */
function iterationStep(runtime: ExecutionRuntime, site: number): IteratorResult<string, undefined> {
  const choice = runtime.choose(3, site);
  if (choice === 2) throw runtime.opaqueError(site);
  return choice === 1 ? { done: false, value: 'item' } : { done: true, value: undefined };
}

function opaqueIterable(runtime: ExecutionRuntime): Iterable<string> {
  const { site } = runtime;
  return {
    [Symbol.iterator]: () => ({
      next: () => iterationStep(runtime, site),
      return: () => ({ done: true, value: undefined }),
      throw(error: unknown) {
        throw error;
      },
    }),
  };
}

function opaqueAsyncIterable(runtime: ExecutionRuntime): AsyncIterable<string> {
  const { site } = runtime;
  return {
    [Symbol.asyncIterator]: () => ({
      next: async () => iterationStep(runtime, site),
      return: async () => ({ done: true, value: undefined }),
      async throw(error: unknown) {
        throw error;
      },
    }),
  };
}
