/**
 * What the programs import from outside: drivers, `pg-query-stream`, `stream`; of any other module each name is an opaque function.
 */
import { fakeEmitter } from './fake-emitter.ts';
import { fakeKnex, fakeMysqlCallbackPool, fakeMysqlPool, fakePgClient, fakePgPool } from './fake-drivers.ts';
import type { ExecutionRuntime } from './execution-runtime.ts';
import { Submittable } from './fake-emitter.ts';
import { quietRejection } from './quiet-rejection.ts';

/** The exports of a module by its specifier; `global` gives the opaque functions. */
export function fakeModule(runtime: ExecutionRuntime, specifier: string, global: (name: string) => unknown): unknown {
  const exported = exportsOf(runtime, specifier.replace(/^node:/, ''));
  return exported ? { ...exported, default: exported.default ?? exported } : new Proxy({}, { get: (_target, key) => global(String(key)) });
}

function exportsOf(runtime: ExecutionRuntime, specifier: string): Record<string, unknown> | undefined {
  switch (specifier) {
    case 'pg':
      return { Pool: function () { return fakePgPool(runtime); }, Client: function () { return fakePgClient(runtime); } };
    case 'mysql2/promise':
      return { createPool: () => fakeMysqlPool(runtime) };
    case 'mysql2':
    case 'mysql':
      return { createPool: () => fakeMysqlCallbackPool(runtime) };
    case 'knex':
      return { default: () => fakeKnex(runtime) };
    case 'pg-query-stream':
      // Its constructor stores what it is given (read), and a construction of a library that is known is not expected to throw.
      return { default: function (): Submittable { return new Submittable(); } };
    case 'stream':
      return { finished: untilEnd(runtime, false), pipeline: untilEnd(runtime, true) };
    case 'stream/promises':
      return {
        finished: () => (runtime.choose(2) === 1 ? quietRejection(runtime.opaqueError()) : Promise.resolve()),
        pipeline: () => (runtime.choose(2) === 1 ? quietRejection(runtime.opaqueError()) : Promise.resolve()),
      };
    case 'events':
      return { EventEmitter: function () { return fakeEmitter(runtime, 'response'); } };
    default:
      return undefined;
  }
}

/** `finished(stream, callback)` and `pipeline(…, callback)`: the callback is called once, with an error or without. */
function untilEnd(runtime: ExecutionRuntime, mayThrow: boolean): (...values: unknown[]) => void {
  return (...values) => {
    // Whether `pipeline` counts as a call that may throw is open.
    if (mayThrow && runtime.choose(2) === 1) {
      runtime.isDoubtful = true;
      throw runtime.opaqueError();
    }
    const { site } = runtime;
    runtime.callLater('last', values.at(-1), () => (runtime.choose(2, site) === 1 ? [runtime.opaqueError()] : []));
  };
}

/** The response of a web server. */
export function fakeResponse(runtime: ExecutionRuntime): object {
  return fakeEmitter(runtime, 'response');
}
