/**
 * A world to run a program in, instrumented or not: whatever takes time comes to pass one thing after the other, and what comes of a call
 * follows from a seed, the call's name and how often it was made. How many ticks a function takes makes no difference there.
 */
import type { ArgumentKind, EntryPoint } from './executor/find-entries.ts';
import { drainReactions } from './executor/task-queue.ts';
import { SeededRandom } from './seeded-random.ts';

type Callback = (...values: unknown[]) => unknown;

class Submittable {}
class Crash extends Error {}

export class ScheduledWorld {
  readonly log: string[] = [];
  private readonly counts = new Map<string, number>();
  private readonly queue: (() => void)[] = [];
  private readonly ends: (() => void)[] = [];
  private handles = 0;
  private isStopped = false;

  constructor(private readonly seed: number) {}

  /** Runs an entry until nothing is left to do; returns what happened, in order. */
  async run(reached: (path: string) => Readonly<Record<string, unknown>>, entry: EntryPoint): Promise<readonly string[]> {
    void this.start(reached, entry).then((end) => void this.log.push(end));
    for (let steps = 0; steps < 200; steps++) {
      await drainReactions();
      const next = this.isStopped ? undefined : (this.queue.shift() ?? this.ends.shift());
      if (!next) break;
      try {
        next();
      } catch (error) {
        // What a callback throws ends the process.
        this.stop(`crash ${describe(error)}`);
      }
    }
    return this.log;
  }

  module(name: string): Record<string, unknown> {
    const pool = (): object => this.pool();
    const client = (): object => this.handle();
    const submittable = (): Submittable => (this.effect('new QueryStream'), new Submittable());
    switch (name.replace(/^node:/, '')) {
      case 'pg':
        return { Pool: function () { return pool(); }, Client: function () { return client(); }, default: {} };
      case 'mysql2/promise':
        return { createPool: pool };
      case 'mysql2':
        return { __esModule: true, default: { createPool: pool } };
      case 'pg-query-stream':
        return { __esModule: true, default: function () { return submittable(); } };
      case 'stream':
        return { finished: (_stream: object, callback: Callback) => this.atEnd('finished', callback), pipeline: (...values: unknown[]) => this.atEnd('pipeline', values.at(-1) as Callback) };
      default:
        return new Proxy({}, { get: (_target, key) => (key === '__esModule' ? true : this.global(String(key))) });
    }
  }

  global(name: string): unknown {
    const effect = (...values: unknown[]): number => this.effect(name, ...values);
    switch (name) {
      case 'cond':
        return (k: number) => effect(k) < 0.4;
      case 'size':
        return (k: number) => (effect(k) < 0.5 ? 0 : Infinity);
      case 'pick':
        return (k: number) => Math.floor(effect(k) * 3);
      case 'table':
        return (k: number) => (effect(k) < 0.5 ? {} : { a: 1 });
      case 'list':
        return (k: number) => (effect(k) < 0.7 ? [1, 2] : []);
      case 'items':
        return function* (k: number) { for (let next = effect(k); next < 0.5; next = effect('next', k)) yield k; };
      case 'rows':
        return async function* (k: number) { for (let next = effect(k); next < 0.5; next = effect('next', k)) yield k; };
      case 'task':
        return (k: number) => this.later(`task ${k}`, () => 'value');
      case 'registry':
        return {};
      case 'console':
        return { log: () => this.log.push('log'), warn: () => this.log.push('warn'), error: () => this.log.push('error') };
      case 'process':
        return { exit: () => this.stop('exit'), nextTick: (callback: Callback) => void this.queue.unshift(() => void callback()) };
      case 'setTimeout':
      case 'setImmediate':
        return (callback: Callback) => void this.queue.push(() => void callback());
      case 'clearTimeout':
        return () => undefined;
      default:
        return function (...values: unknown[]) { effect(...values); };
    }
  }

  private stop(how: string): void {
    this.log.push(how);
    this.isStopped = true;
  }

  /** A number in [0, 1) that depends on the call alone. */
  private draw(label: string): number {
    const count = (this.counts.get(label) ?? 0) + 1;
    this.counts.set(label, count);
    let hash = this.seed ^ (count * 7919);
    for (const char of label) hash = Math.imul(hash ^ char.charCodeAt(0), 0x01000193);
    return new SeededRandom(hash).next();
  }

  private effect(name: string, ...values: unknown[]): number {
    const label = `${name}(${values.filter((value) => typeof value === 'number' || typeof value === 'string').join(', ')})`;
    this.log.push(label);
    if (this.draw(`throws ${label}`) < 0.15) throw new Crash(label);
    return this.draw(label);
  }

  /** A promise that is settled in its turn. */
  private later(label: string, value: () => unknown): Promise<unknown> {
    this.log.push(label);
    const fails = this.draw(label) < 0.2;
    return new Promise((resolve, reject) => void this.queue.push(() => (fails ? reject(new Crash(label)) : resolve(value()))));
  }

  private calledBack(label: string, callback: Callback, values: () => readonly unknown[]): void {
    this.log.push(label);
    const fails = this.draw(label) < 0.25;
    this.queue.push(() => void (fails ? callback(new Crash(label)) : callback(null, ...values())));
  }

  private either(label: string, values: readonly unknown[], result: () => readonly unknown[]): Promise<unknown> | undefined {
    const callback = values.at(-1);
    if (typeof callback !== 'function') return this.later(label, () => result()[0]);
    this.calledBack(label, callback as Callback, result);
    return undefined;
  }

  private pool(): object {
    const acquire = (...values: unknown[]): unknown =>
      this.either('acquire', values, () => {
        const handle = this.handle();
        return [handle, handle.release];
      });
    const pool = { connect: acquire, getConnection: acquire, releaseConnection: () => void this.log.push('give back'), query: (...values: unknown[]) => this.either('pool query', values, () => [{}]), promise: () => pool };
    return pool;
  }

  private handle(): { readonly release: () => void } {
    const id = ++this.handles;
    const note = (what: string): void => void this.log.push(`${what} of handle ${id}`);
    const query = (...values: unknown[]): unknown =>
      values[0] instanceof Submittable ? this.emitter(`stream of handle ${id}`) : this.either(`query ${typeof values[0] === 'string' ? values[0] : ''} of handle ${id}`, values, () => [{}]);
    const end = (...values: unknown[]): unknown => (note('end'), typeof values[0] === 'function' ? undefined : Promise.resolve());
    const handle = { query, execute: query, beginTransaction: query, commit: query, rollback: query, connect: (...values: unknown[]) => this.either('connect', values, () => [handle]), release: () => note('release'), destroy: () => note('destroy'), end };
    return handle;
  }

  private atEnd(label: string, callback: Callback): void {
    this.log.push(label);
    const fails = this.draw(label) < 0.4;
    this.ends.push(() => void callback(...(fails ? [new Crash(label)] : [])));
  }

  private emitter(label: string): object {
    const listeners: (readonly [event: string, callback: Callback])[] = [];
    const emit = (event: string): void => listeners.filter(([name]) => name === event).forEach(([, callback]) => void callback());
    const on = (event: string, callback: Callback): object => {
      if (listeners.length === 0) this.ends.push(() => (emit(this.draw(label) < 0.5 ? 'error' : 'end'), emit('finish'), emit('close')));
      listeners.push([event, callback]);
      return emitter;
    };
    const emitter = { on, once: on, json: () => void this.effect('json') };
    return emitter;
  }

  private async start(reached: (path: string) => Readonly<Record<string, unknown>>, entry: EntryPoint): Promise<string> {
    try {
      const valueOf = (argument: ArgumentKind): unknown => this.argument(argument, reached);
      let receiver: unknown = reached(entry.path)[entry.binding];
      let callee = receiver;
      if (entry.method) {
        if (!entry.method.isStatic) receiver = new (receiver as new (...values: unknown[]) => object)(...entry.constructorArguments.map(valueOf));
        callee = (receiver as Record<string, unknown>)[entry.method.name];
      }
      const result: unknown = (callee as Callback).apply(receiver, entry.arguments.map(valueOf));
      return `result ${typeof (entry.isGenerator ? await this.consume(result as Generator) : await result)}`;
    } catch (error) {
      return describe(error);
    }
  }

  private argument(argument: ArgumentKind, reached: (path: string) => Readonly<Record<string, unknown>>): unknown {
    switch (argument.kind) {
      case 'pool':
        return this.pool();
      case 'instance':
        return new (reached(argument.of.path)[argument.of.name] as new (...values: unknown[]) => object)(...argument.of.arguments.map((inner) => this.argument(inner, reached)));
      case 'callback':
        return (error: unknown) => void this.effect(`callback ${error ? 'error' : 'result'}`);
      case 'scoped':
        return () => this.later('given function', () => 'value');
      case 'emitter':
        return this.emitter('response');
      case 'options':
        return { client: this.draw('options') < 0.5 ? this.handle() : undefined };
      case 'maybe-handle':
        return this.draw('given') < 0.5 ? this.handle() : undefined;
      case 'handle':
        return this.handle();
      default:
        return argument.name === 'default' ? undefined : {};
    }
  }

  private async consume(generator: Generator): Promise<unknown> {
    let step = await generator.next();
    while (!step.done) {
      this.log.push('yielded');
      const choice = this.draw('consumer');
      step = choice < 0.25 ? await generator.return(undefined) : choice < 0.5 ? await generator.throw(new Crash('thrown in')) : await generator.next();
    }
    return step.value;
  }
}

function describe(error: unknown): string {
  return error instanceof Crash ? error.message : error instanceof TypeError ? 'TypeError' : String((error as Error).message);
}
