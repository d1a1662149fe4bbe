/** What the fixtures import as `sequelize`: its pool over the embedded server, which writes down what is done with it. */
import pg from 'pg';
import { Sequelize as Real, type Options } from 'sequelize';
import { world } from '../world.ts';
import { address, Client, toEnd, transactionOf } from './pg.ts';

/** What the types of Sequelize do not say of what has its connections. */
interface ConnectionManager {
  _connect(config: object): Promise<object>;
  getConnection(options?: object): Promise<object>;
  releaseConnection(connection: object): void;
  destroyConnection(connection: object): Promise<void>;
}

/** The class of `sequelize`, with two connections. */
export class Sequelize extends Real {
  constructor() {
    const { user, ...at } = address();
    super({ dialect: 'postgres', dialectModule: { ...pg, Client }, ...at, username: user, logging: false, pool: { max: 2, acquire: 2000 } } as Options);
    toEnd.add(() => this.close());
    const manager = (this as unknown as { readonly connectionManager: ConnectionManager }).connectionManager;
    const connect = manager._connect.bind(manager);
    // Its pool makes one also when one was destroyed.
    manager._connect = (config) => world.quietly(() => connect(config));
    const getConnection = manager.getConnection.bind(manager);
    const releaseConnection = manager.releaseConnection.bind(manager);
    const destroyConnection = manager.destroyConnection.bind(manager);
    manager.getConnection = async (options) => {
      if (world.note('connect')) throw new Error('no connection');
      const connection = await world.answered(world.quietly(() => getConnection(options)));
      world.lend(connection, () => void destroyConnection(connection));
      return connection;
    };
    manager.releaseConnection = (connection) => {
      const transaction = transactionOf(connection);
      world.takeBack(connection, transaction);
      if (transaction === '') releaseConnection(connection);
      else void destroyConnection(connection);
    };
    manager.destroyConnection = (connection) => {
      // What ends with the connection is no transaction left open.
      world.takeBack(connection, '');
      return destroyConnection(connection);
    };
  }
}

export { Model, Transaction } from 'sequelize';
