/** What the fixtures import as `pg`: its pool over the embedded server, which writes down what is done with it. */
import pg from 'pg';
import { FAILING } from './mysql-server.ts';
import { transactionAfter, world } from './world.ts';

/** The port of the server, set before a fixture is loaded. */
export const server = { port: 0 };

const transactions = new WeakMap<object, string>();

/** The text of what is sent, where it is one. */
function textOf(given: unknown): string | undefined {
  if (typeof given === 'string') return given;
  const { text } = (given ?? {}) as { readonly text?: unknown };
  return typeof text === 'string' ? text : undefined;
}

class RecordingClient extends pg.Client {
  // The overloads of pg are many.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override query(...given: any[]): any {
    const text = textOf(given[0]);
    if (text === undefined) return Reflect.apply(super.query, this, given);
    const fails = world.note(text.trim().replaceAll(/\s+/g, ' '));
    if (fails) {
      const [, second, third] = given as unknown[];
      const callback = typeof second === 'function' ? second : third;
      return Reflect.apply(super.query, this, typeof callback === 'function' ? [FAILING, callback] : [FAILING]);
    }
    transactions.set(this, transactionAfter(text, transactions.get(this) ?? ''));
    return Reflect.apply(super.query, this, given);
  }
}

/** The pool of `pg`, with two connections. */
export class Pool extends pg.Pool {
  /** Whether the pool itself takes a connection, for a query of its own. */
  private isAsked = false;

  constructor() {
    super({ host: '127.0.0.1', port: server.port, user: 'postgres', password: 'postgres', database: 'postgres', max: 2, connectionTimeoutMillis: 2000, Client: RecordingClient } as pg.PoolConfig);
    this.on('error', () => undefined);
    this.on('connect', (client) => client.on('error', () => undefined));
    pools.add(this);
  }

  // The overloads of pg are many.
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  override connect(callback?: (...given: any[]) => void): any {
    if (this.isAsked) return super.connect(callback as never);
    if (callback !== undefined) {
      // A callback that throws ends the process; here it ends nothing.
      this.connect().then((client: pg.PoolClient) => callback(undefined, client, client.release), (error: unknown) => callback(error, undefined, () => undefined));
      return undefined;
    }
    if (world.note('connect')) return Promise.reject(new Error('no connection'));
    return super.connect().then((client) => {
      const release = client.release.bind(client);
      let isOut = true;
      client.release = (destroy) => {
        const transaction = transactions.get(client) ?? '';
        world.takeBack(client, transaction);
        isOut = false;
        // What one run leaves open must not be in the way of the next.
        release(destroy ?? transaction !== '');
      };
      world.lend(client, () => {
        if (isOut) release(true);
      });
      return client;
    });
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
    this.isAsked = true;
    try {
      return Reflect.apply(super.query, this, given);
    } finally {
      this.isAsked = false;
    }
  }
}

/** The pools that were made, to be ended. */
export const pools = new Set<pg.Pool>();

export const { Client } = pg;
export default { ...pg, Pool, Client };
