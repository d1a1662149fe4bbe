/**
 * Emitters that come to an end by themselves, after everything else has run.
 *
 * A response: `finish`, then `close`; or `close` alone when the client went away. A stream: `end` or `error`, then `close`. Attaching a
 * listener does not throw. A stream that fails and has no listener for that ends the process in Node; whoever reads the
 * program may take it for a leak or not, so what is still held then is doubtful.
 */
import type { CallPoint } from './acquisition.ts';
import type { ExecutionRuntime } from './execution-runtime.ts';

/** An object that `client.query(…)` turns into a stream of rows. */
export class Submittable {}

interface Listener {
  readonly event: string;
  readonly callback: unknown;
  readonly point: CallPoint;
  readonly since: number;
}

/** Makes an emitter, whose events are chosen when its end has come. */
export function fakeEmitter(runtime: ExecutionRuntime, kind: 'response' | 'stream'): object {
  const listeners: Listener[] = [];
  let isEnding = false;
  const has = (event: string): boolean => listeners.some((listener) => listener.event === event);
  const emit = (event: string, ...values: unknown[]): void => {
    for (const { callback, point, since } of listeners.filter((listener) => listener.event === event)) runtime.callBack(point, since, callback, values);
  };
  const end = (): void => {
    const site = listeners[0]?.point.site ?? -1;
    if (kind === 'response') {
      if (has('finish') && runtime.choose(2, site) === 0) emit('finish');
    } else if (runtime.choose(2, site) === 0) {
      if (has('data')) emit('data', 'row');
      emit('end');
    } else {
      if (!has('error')) runtime.isDoubtful = true;
      emit('error', runtime.opaqueError());
    }
    emit('close');
  };
  const on = (event: string, callback: unknown): object => {
    listeners.push({ event, callback, point: runtime.here(), since: runtime.tick() });
    if (!isEnding) runtime.tasks.add('last', () => void (runtime.stopped ?? guarded(runtime, end)));
    isEnding = true;
    return emitter;
  };
  const off = (event: string, callback: unknown): object => {
    const index = listeners.findIndex((listener) => listener.event === event && listener.callback === callback);
    if (index >= 0) listeners.splice(index, 1);
    return emitter;
  };
  const opaque = (): object => {
    if (runtime.choose(2) === 1) throw runtime.opaqueError();
    return emitter;
  };
  const emitter = { on, once: on, addListener: on, off, removeListener: off, destroy: () => emitter, pipe: opaque, json: opaque, send: opaque, status: opaque, write: opaque, end: opaque };
  runtime.reach.seal(emitter);
  return emitter;
}

/** A choice may end the execution; nothing of that goes to whoever runs the tasks. */
function guarded(runtime: ExecutionRuntime, end: () => void): void {
  try {
    end();
  } catch (error) {
    if (!runtime.stopped) throw error;
  }
}
