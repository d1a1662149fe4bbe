/** What the fixtures import as `generic-pool`: pools that write down what is done with them. */
import { createPool as createReal, type Factory, type Pool } from 'generic-pool';
import { world } from '../world.ts';

/** The function of `generic-pool`, with two resources. */
export function createPool<Resource extends object>(factory: Factory<Resource>): Pool<Resource> {
  const pool = createReal(factory, { max: 2, acquireTimeoutMillis: 2000 });
  const acquire = pool.acquire.bind(pool);
  const release = pool.release.bind(pool);
  const destroy = pool.destroy.bind(pool);
  pool.acquire = async (priority) => {
    if (world.note('acquire')) throw new Error('no resource');
    const resource = await acquire(priority);
    world.lend(resource, () => void release(resource));
    return resource;
  };
  pool.release = (resource) => {
    world.takeBack(resource, '');
    return release(resource);
  };
  pool.destroy = (resource) => {
    world.takeBack(resource, '');
    return destroy(resource);
  };
  return pool;
}
