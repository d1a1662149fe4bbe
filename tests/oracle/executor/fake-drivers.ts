/**
 * The drivers, as far as an execution can tell: pg and mysql2 in both styles, and generic pairs of functions.
 *
 * Behaviour after `facts/drivers.md`: pg throws on a second release and works detached; mysql2/promise stays silent, has
 * `destroy()` and an asynchronous dispose; a pg `Client` is its own handle between `connect()` and `end()`.
 */
import type { Acquisition, CallPoint } from './acquisition.ts';
import type { ExecutionRuntime } from './execution-runtime.ts';
import { fakeEmitter, Submittable } from './fake-emitter.ts';
import { quietRejection } from './quiet-rejection.ts';

export type DriverName = 'pg' | 'mysql2' | 'mysql2-callback' | 'knex' | 'generic';

type Handle = object;

/** A driver call that resolves or rejects. */
function promiseCall(runtime: ExecutionRuntime, acquisition: Acquisition | undefined): Promise<object> {
  runtime.use(acquisition);
  return runtime.choose(2) === 1 ? quietRejection(runtime.opaqueError()) : Promise.resolve({ rows: [] });
}

/** A driver call whose callback gets an error or a result, later. */
function callbackCall(runtime: ExecutionRuntime, acquisition: Acquisition | undefined, callback: unknown): void {
  runtime.use(acquisition);
  const values = runtime.choose(2) === 1 ? [runtime.opaqueError()] : [null, { rows: [] }];
  runtime.callLater('queued', callback, values);
}

/** A driver call in either style: with a function as its last argument it returns nothing. */
function eitherCall(runtime: ExecutionRuntime, acquisition: () => Acquisition | undefined): (...values: unknown[]) => Promise<object> | undefined {
  return (...values) => {
    const callback = values.at(-1);
    if (typeof callback !== 'function') return promiseCall(runtime, acquisition());
    callbackCall(runtime, acquisition(), callback);
    return undefined;
  };
}

function pgHandle(runtime: ExecutionRuntime, acquisition: Acquisition): Handle {
  const release = (): void => runtime.release(acquisition, 'throws');
  const query = eitherCall(runtime, () => acquisition);
  const handle = {
    query: (...values: unknown[]) => (values[0] instanceof Submittable ? streamOf(runtime, acquisition) : query(...values)),
    on: () => handle,
    // Closes the socket, but the pool still counts the client as checked out.
    end: eitherCall(runtime, () => acquisition),
    release,
  };
  runtime.reach.link(handle, acquisition);
  runtime.reach.link(release, acquisition);
  return handle;
}

/** `client.query(new QueryStream(…))`: the stream of its rows, at once. */
function streamOf(runtime: ExecutionRuntime, acquisition: Acquisition): object {
  runtime.use(acquisition);
  return fakeEmitter(runtime, 'stream');
}

function mysqlHandle(runtime: ExecutionRuntime, acquisition: Acquisition): Handle {
  const call = (): Promise<object> => promiseCall(runtime, acquisition);
  const handle = {
    query: call,
    execute: call,
    beginTransaction: call,
    commit: call,
    rollback: call,
    release: () => runtime.release(acquisition, 'silent'),
    destroy: () => runtime.release(acquisition, 'destroys'),
    end: async () => runtime.release(acquisition, 'silent'),
    on: () => handle,
    [Symbol.asyncDispose]: async () => runtime.release(acquisition, 'repeatable'),
  };
  runtime.reach.link(handle, acquisition);
  return handle;
}

/** A transaction of Knex. A commit or rollback that fails has given the connection back as well; a second one does nothing. */
function knexTransaction(runtime: ExecutionRuntime, acquisition: Acquisition): Handle {
  let isCompleted = false;
  const end = (): Promise<void> => {
    runtime.release(acquisition, 'repeatable');
    const fails = !isCompleted && runtime.choose(2) === 1;
    isCompleted = true;
    return fails ? quietRejection(runtime.opaqueError()) : Promise.resolve();
  };
  const handle = { raw: () => promiseCall(runtime, acquisition), commit: end, rollback: end, isCompleted: () => isCompleted };
  runtime.reach.link(handle, acquisition);
  return handle;
}

/**
 * The instance of Knex. With a callback `transaction()` commits when that ends, and rolls back when it throws; the error of a rollback is lost. The call
 * of `transaction` chooses how the beginning and the commit end.
 */
export function fakeKnex(runtime: ExecutionRuntime): object {
  const knex = {
    transaction: (callback?: unknown) => (typeof callback === 'function' ? managed(runtime, callback as (handle: Handle) => unknown, knexTransaction) : acquireByPromise(runtime, knexTransaction)),
    raw: () => promiseCall(runtime, undefined),
    destroy: () => promiseCall(runtime, undefined),
  };
  return sealed(runtime, knex);
}

async function managed(runtime: ExecutionRuntime, callback: (handle: Handle) => unknown, make: (runtime: ExecutionRuntime, acquisition: Acquisition) => Handle): Promise<unknown> {
  runtime.acquiringSites.add(runtime.site);
  const point = runtime.here();
  if (runtime.choose(2) === 1) throw runtime.opaqueError();
  const acquisition = runtime.acquire();
  const end = (): void => {
    runtime.at(point);
    runtime.release(acquisition, 'repeatable');
  };
  let result: unknown;
  try {
    result = await runtime.callInline(point, callback, [make(runtime, acquisition)]);
  } catch (error) {
    end();
    throw error;
  }
  end();
  if (runtime.choose(2, point.site) === 1) throw runtime.opaqueError(point.site);
  return result;
}

/** A connection of `mysql2` or `mysql`: every call takes a callback, and nothing returns a promise. */
function mysqlCallbackHandle(runtime: ExecutionRuntime, acquisition: Acquisition): Handle {
  const call = (...values: unknown[]): void => callbackCall(runtime, acquisition, values.at(-1));
  const handle = {
    query: call,
    execute: call,
    beginTransaction: call,
    commit: call,
    rollback: call,
    release: () => runtime.release(acquisition, 'silent'),
    destroy: () => runtime.release(acquisition, 'destroys'),
    on: () => handle,
    [Symbol.dispose]: () => runtime.release(acquisition, 'repeatable'),
  };
  runtime.reach.link(handle, acquisition);
  return handle;
}

function genericHandle(runtime: ExecutionRuntime, acquisition: Acquisition | undefined): Handle {
  const handle = {
    query: () => {
      runtime.use(acquisition);
      if (runtime.choose(2) === 1) throw runtime.opaqueError();
      return { rows: [] };
    },
  };
  if (acquisition) runtime.reach.link(handle, acquisition);
  return handle;
}

const HANDLES = { pg: pgHandle, mysql2: mysqlHandle, knex: knexTransaction, 'mysql2-callback': mysqlCallbackHandle, generic: genericHandle } as const;

/** A handle that the caller of the entry owns. */
export function lendHandle(runtime: ExecutionRuntime, driver: DriverName): Handle {
  return HANDLES[driver](runtime, runtime.lend());
}

function acquireByPromise(runtime: ExecutionRuntime, make: (runtime: ExecutionRuntime, acquisition: Acquisition) => Handle): Promise<Handle> {
  runtime.acquiringSites.add(runtime.site);
  if (runtime.choose(2) === 1) return quietRejection(runtime.opaqueError());
  const acquisition = runtime.acquire();
  const promise = Promise.resolve(make(runtime, acquisition));
  runtime.reach.link(promise, acquisition);
  return promise;
}

/** The callback gets an error, or a handle and what else the driver adds. */
function acquireByCallback(
  runtime: ExecutionRuntime,
  callback: unknown,
  make: (runtime: ExecutionRuntime, acquisition: Acquisition) => Handle,
  extra: (handle: Handle | undefined) => readonly unknown[],
): void {
  runtime.acquiringSites.add(runtime.site);
  const point = runtime.here();
  const error = runtime.choose(2) === 1 ? runtime.opaqueError() : undefined;
  runtime.callLater('queued', callback, () => {
    if (error) return [error, undefined, ...extra(undefined)];
    const handle = make(runtime, runtime.acquire(point));
    return [null, handle, ...extra(handle)];
  });
}

function sealed<T extends object>(runtime: ExecutionRuntime, value: T): T {
  runtime.reach.seal(value);
  return value;
}

export function fakePgPool(runtime: ExecutionRuntime): object {
  const pool = {
    connect: (callback?: unknown) =>
      typeof callback === 'function' ? acquireByCallback(runtime, callback, pgHandle, releaseOf) : acquireByPromise(runtime, pgHandle),
    query: eitherCall(runtime, () => undefined),
    end: eitherCall(runtime, () => undefined),
    on: () => pool,
  };
  return sealed(runtime, pool);
}

/** The third argument of pg's callback: the client's own release function; one that does nothing after an error. */
function releaseOf(handle: Handle | undefined): readonly unknown[] {
  return [handle ? (handle as { release: unknown }).release : () => undefined];
}

/** The pool of `mysql2` or `mysql`, in callback style. */
export function fakeMysqlCallbackPool(runtime: ExecutionRuntime): object {
  const call = (...values: unknown[]): void => callbackCall(runtime, undefined, values.at(-1));
  const pool = {
    getConnection: (callback: unknown) => acquireByCallback(runtime, callback, mysqlCallbackHandle, () => []),
    releaseConnection: (handle: unknown) => {
      const acquisition = runtime.reach.acquisitionOf(handle);
      if (acquisition) runtime.release(acquisition, 'silent');
    },
    query: call,
    execute: call,
    end: call,
    on: () => pool,
    promise: () => fakeMysqlPool(runtime),
  };
  return sealed(runtime, pool);
}

export function fakeMysqlPool(runtime: ExecutionRuntime): object {
  const pool = {
    getConnection: () => acquireByPromise(runtime, mysqlHandle),
    releaseConnection: (handle: unknown) => {
      const acquisition = runtime.reach.acquisitionOf(handle);
      if (acquisition) runtime.release(acquisition, 'silent');
    },
    query: () => promiseCall(runtime, undefined),
    execute: () => promiseCall(runtime, undefined),
    end: () => promiseCall(runtime, undefined),
    on: () => pool,
  };
  return sealed(runtime, pool);
}

/** `new Client()` of pg: nothing is held before `connect()` or after `end()`. */
export function fakePgClient(runtime: ExecutionRuntime): object {
  let acquisition: Acquisition | undefined;
  const hold = (point: CallPoint): object => {
    acquisition = runtime.acquire(point);
    runtime.reach.link(client, acquisition);
    return client;
  };
  const client = {
    connect: (callback?: unknown): Promise<object> | undefined => {
      runtime.acquiringSites.add(runtime.site);
      const point = runtime.here();
      const error = acquisition
        ? runtime.ruleError(new Error('Client has already been connected.'))
        : runtime.choose(2) === 1 ? runtime.opaqueError() : undefined;
      if (typeof callback !== 'function') return error ? quietRejection(error) : Promise.resolve(hold(point));
      runtime.callLater('queued', callback, () => {
        if (error) return [error];
        hold(point);
        return [null];
      });
      return undefined;
    },
    query: eitherCall(runtime, () => acquisition),
    end: (callback?: unknown): Promise<void> | undefined => {
      if (acquisition) runtime.release(acquisition, 'repeatable');
      if (typeof callback !== 'function') return Promise.resolve();
      runtime.callLater('queued', callback, []);
      return undefined;
    },
    on: () => client,
  };
  return client;
}

/** The two halves of each generic pair. Without the second half in the file, the first is a call like any other. */
export const GENERIC_PAIRS: readonly (readonly [acquire: string, release: string])[] = [
  ['getconn', 'putconn'],
  ['acquireConnection', 'releaseConnection'],
  ['get_db_connection', 'release_db_connection'],
];

/** One function of a generic pair; undefined when the name belongs to none. */
export function genericFunction(runtime: ExecutionRuntime, name: string, isPairSeen: (acquire: string) => boolean): (() => unknown) | undefined {
  for (const [acquire, release] of GENERIC_PAIRS) {
    if (name === acquire) {
      return () => {
        if (isPairSeen(acquire)) runtime.acquiringSites.add(runtime.site);
        if (runtime.choose(2) === 1) throw runtime.opaqueError();
        return genericHandle(runtime, isPairSeen(acquire) ? runtime.acquire() : undefined);
      };
    }
    if (name === release) {
      return (...values: unknown[]) => {
        const acquisition = runtime.reach.acquisitionOf(values[0]);
        if (acquisition) runtime.release(acquisition, 'silent');
      };
    }
  }
  return undefined;
}
