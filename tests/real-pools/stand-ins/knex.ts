/** What the fixtures import as `knex`: its pool over the embedded server, which writes down what is done with it. */
import { createRequire } from 'node:module';
import createReal, { type Knex } from 'knex';
import { world } from '../world.ts';
import { address, Client, toEnd, transactionOf } from './pg.ts';

/** What the types of Knex do not say of its client. */
interface Dialect {
  acquireConnection(): Promise<object>;
  releaseConnection(connection: object): Promise<void>;
}

// There are no types for it.
const PostgresClient = createRequire(import.meta.url)('knex/lib/dialects/postgres/index.js') as new (config: object) => Dialect;

class RecordingDialect extends PostgresClient {
  _driver(): object {
    return { Client };
  }

  override async acquireConnection(): Promise<object> {
    if (world.note('connect')) throw new Error('no connection');
    const connection = await world.answered(world.quietly(() => super.acquireConnection()));
    world.lend(connection, () => {
      // The pool destroys it when it is asked for it again.
      Object.assign(connection, { __knex__disposed: new Error('discarded') });
      void super.releaseConnection(connection);
    });
    return connection;
  }

  override releaseConnection(connection: object): Promise<void> {
    const transaction = transactionOf(connection);
    world.takeBack(connection, transaction);
    if (transaction !== '') Object.assign(connection, { __knex__disposed: new Error('left in a transaction') });
    return super.releaseConnection(connection);
  }
}

/** The function of `knex`, with two connections. */
export default function createKnex(): Knex {
  const knex = createReal({ client: RecordingDialect as unknown as typeof Knex.Client, connection: address(), pool: { min: 0, max: 2 }, acquireConnectionTimeout: 2000 });
  toEnd.add(() => knex.destroy());
  return knex;
}

export { createKnex as knex };
