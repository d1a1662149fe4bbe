/** What the fixtures import as `pg`: its pool over the embedded server, which writes down what is done with it. */
import pg from 'pg';
import { FAILING } from '../mysql-server.ts';
import { transactionAfter, world } from '../world.ts';

/** The port of the server, set before a fixture is loaded. */
export const server = { port: 0 };

const transactions = new WeakMap<object, string>();

/** The text of what is sent, where it is one. */
function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  const { text } = (given ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? text : undefined;
}

/** A client that writes down what is sent, whichever library sends it. */
export class Client extends pg.Client {
  // The overloads of pg are many.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override query(...given: any[]): any {
    const text = textOf(given[0]);
    if (text === undefined || world.isQuiet()) return Reflect.apply(super.query, this, given);
    const callback = (given as unknown[]).find((one): one is (...answer: readonly unknown[]) => unknown => typeof one === 'function');
    const sent = world.note(text.trim().replaceAll(/\s+/g, ' ')) ? [FAILING] : (given as unknown[]).filter((one) => one !== callback);
    if (sent[0] !== FAILING) transactions.set(this, transactionAfter(text, transactions.get(this) ?? ''));
    if (callback === undefined) return world.answered(Reflect.apply(super.query, this, sent) as Promise<unknown>);
    void world.answered(new Promise<void>((resolve) => {
      Reflect.apply(super.query, this, [...sent, (...answer: readonly unknown[]) => {
        resolve();
        callback(...answer);
      }]);
    }));
    return undefined;
  }
}

/** How the transaction of a client stands. */
export function transactionOf(client: object): string {
  return transactions.get(client) ?? '';
}

/** Where a library other than pg connects to. */
export function address(): { host: string; port: number; user: string; password: string; database: string } {
  return { host: '127.0.0.1', port: server.port, user: 'postgres', password: 'postgres', database: 'postgres' };
}

/** The pool of `pg`, with two connections. */
export class Pool extends pg.Pool {
  private isInQuery = false;

  constructor() {
    super({ ...address(), max: 2, connectionTimeoutMillis: 2000, Client } as pg.PoolConfig);
    this.on('error', () => undefined);
    this.on('connect', (client) => client.on('error', () => undefined));
    toEnd.add(() => this.end());
  }

  // The overloads of pg are many.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override connect(callback?: (...given: any[]) => void): any {
    if (this.isInQuery) return super.connect(callback!);
    const taken = this.take();
    if (callback === undefined) return taken;
    taken.then((client) => callback(undefined, client, client.release), (error: unknown) => callback(error, undefined, () => undefined));
  }

  private async take(): Promise<pg.PoolClient> {
    if (world.isQuiet()) return super.connect();
    if (world.note('connect')) throw new Error('no connection');
    const client = await world.answered(super.connect());
    const release = client.release.bind(client);
    let isOut = true;
    let isDiscarded = false;
    client.release = (destroy) => {
      // What a library gives back when it is closed.
      if (isDiscarded) return;
      const transaction = transactionOf(client);
      world.takeBack(client, transaction);
      isOut = false;
      // What one run leaves open must not be in the way of the next.
      release(destroy || transaction !== '');
    };
    world.lend(client, () => {
      isDiscarded = true;
      if (isOut) release(true);
    });
    return client;
  }

  /** The library that made it may have ended it. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override end(callback?: () => void): any {
    if (!this.ending) return callback === undefined ? super.end() : super.end(callback);
    callback?.();
    return callback === undefined ? Promise.resolve() : undefined;
  }

  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override query(...given: any[]): any {
    // It takes a connection first, as the code does that it stands for.
    const last: unknown = given.at(-1);
    if (world.note('connect')) {
      const error = new Error('no connection');
      if (typeof last !== 'function') return Promise.reject(error);
      process.nextTick(last, error);
      return undefined;
    }
    this.isInQuery = true;
    try {
      return Reflect.apply(super.query, this, given);
    } finally {
      this.isInQuery = false;
    }
  }
}

/** What closes what was made. */
export const toEnd = new Set<() => unknown>();

export default { ...pg, Pool, Client };
