/** What the fixtures import as `typeorm`: its DataSource over the embedded server, which writes down what is done with it. */
import pg from 'pg';
import { DataSource as Real, type EntityManager, type QueryRunner } from 'typeorm';
import { world } from '../world.ts';
import { address, Client, Pool, toEnd } from './pg.ts';

/** The class of `typeorm`, with two connections, which opens by itself. */
export class DataSource extends Real {
  private readonly opened: Promise<this>;

  constructor() {
    const { user, ...at } = address();
    super({ type: 'postgres', driver: { ...pg, Pool, Client }, ...at, username: user });
    this.opened = world.quietly(() => super.initialize());
    world.opening.push(this.opened);
    toEnd.add(async () => {
      await this.opened;
      await this.destroy();
    });
  }

  override initialize(): Promise<this> {
    return this.opened;
  }

  /** The objects of the fixtures are no entities. */
  override createEntityManager(queryRunner?: QueryRunner): EntityManager {
    const manager = super.createEntityManager(queryRunner);
    manager.save = async (entity: unknown) => {
      await manager.query('insert into orders (id) values (3)');
      return entity as never;
    };
    return manager;
  }
}

export { EntityManager, Repository } from 'typeorm';
