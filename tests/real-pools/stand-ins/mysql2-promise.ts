/** What the fixtures import as `mysql2/promise`: its pool over the server of this process, which writes down what is done with it. */
import mysql from 'mysql2/promise';
import { FAILING } from '../mysql-server.ts';
import { transactionAfter, world } from '../world.ts';

/** The port of the server, set before a fixture is loaded. */
export const server = { port: 0 };

/** The pools that were made, to be ended. */
export const pools = new Set<mysql.Pool>();

type Method = (...given: readonly unknown[]) => unknown;

const transactions = new WeakMap<object, string>();

/** The connection, or the pool, with its methods that send something written down. `execute` is sent as a query: the server prepares nothing. */
function recording<Target extends object>(target: Target, owner: object, before: () => boolean): Target {
  const members = target as Record<string, Method | undefined>;
  const query = members['query']!.bind(target);
  const send: Method = (text, ...given) => {
    if (before()) return Promise.reject(new Error('no connection'));
    if (world.note(String(text))) return world.answered(query(FAILING) as Promise<unknown>);
    transactions.set(owner, transactionAfter(String(text), transactions.get(owner) ?? ''));
    // The server answers all texts alike, but for `SET …`, which mysql2 waits for in vain there.
    return world.answered(query(String(text).replace(/^\s*set\b/i, 'do'), ...given) as Promise<unknown>);
  };
  members['query'] = send;
  members['execute'] = send;
  for (const [name, text] of [['beginTransaction', 'begin'], ['commit', 'commit'], ['rollback', 'rollback'], ['ping', 'select 1']] as const) {
    if (members[name] !== undefined) members[name] = () => members['query']!(text);
  }
  return target;
}

/** The pool of `mysql2/promise`, with two connections. */
export function createPool(): mysql.Pool {
  const pool = mysql.createPool({ host: '127.0.0.1', port: server.port, user: 'shop', connectionLimit: 2 });
  pools.add(pool);
  const getConnection = pool.getConnection.bind(pool);
  pool.getConnection = async () => {
    if (world.note('connect')) throw new Error('no connection');
    const taken = await world.answered(getConnection());
    const connection = recording(taken, taken, () => false);
    const release = connection.release.bind(connection);
    let isOut = true;
    connection.release = () => {
      world.takeBack(connection, transactions.get(connection) ?? '');
      isOut = false;
      transactions.delete(connection);
      release();
    };
    world.lend(connection, () => {
      if (isOut) connection.destroy();
    });
    return connection;
  };
  return recording(pool, pool, () => world.note('connect'));
}

export default { ...mysql, createPool };
