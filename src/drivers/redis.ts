import type { Driver, RootRow, TypeRow } from './driver.ts';

/** One connection that all share; when it is lost it is opened again, for good. Five spellings of the end, over the majors. */
const CLIENT: TypeRow = {
  noun: 'client',
  root: { holds: 'a connection, and opens it again whenever it is lost', close: '$.close()' },
  isPartial: true,
  members: {
    close: { effect: 'ends' },
    destroy: { effect: 'ends' },
    quit: { effect: 'ends' },
    disconnect: { effect: 'ends' },
    end: { effect: 'ends' },
    connect: { effect: 'self' },
    on: { effect: 'self' },
    once: { effect: 'self' },
  },
};

/** What a client makes has connections of its own. */
const CLIENT_ROWS: TypeRow = {
  ...CLIENT,
  members: { ...CLIENT.members, duplicate: { effect: 'returns', type: 'RedisSubscriber', anew: true }, createPool: { effect: 'returns', type: 'RedisPool', anew: true } },
};

const CLUSTER: TypeRow = { ...CLIENT, noun: 'cluster client', root: { holds: 'a connection to each of its nodes', close: '$.close()' } };
const OLDER_ROOT: RootRow = { ...CLIENT.root!, close: '$.quit()' };

/** node-redis. */
export const redis: Driver = {
  library: 'redis',
  modules: ['redis', '@redis/client'],
  source: 'https://github.com/redis/node-redis#usage; run against Redis 7.0 (facts/drivers.md)',
  traps: [
    '`duplicate()` makes another client with a connection of its own, which has to be closed.',
    'Nothing is handed out: `pool.execute((client) => …)` (5.0.0) and `client.executeIsolated((client) => …)` (4.x) give back by themselves.',
  ],
  exports: {
    createClient: { is: 'factory', type: 'RedisClient' },
    createClientPool: { is: 'factory', type: 'RedisPool' },
    createCluster: { is: 'factory', type: 'RedisCluster' },
    createSentinel: { is: 'factory', type: 'RedisCluster' },
  },
  types: {
    RedisClient: CLIENT_ROWS,
    // Most are made to subscribe or to block.
    RedisSubscriber: { ...CLIENT, root: { ...CLIENT.root!, listens: true } },
    RedisPool: { ...CLIENT, noun: 'pool', root: { holds: 'up to 100 connections', close: '$.close()' } },
    RedisCluster: CLUSTER,
  },
  // `close()` and `destroy()` came with 5.0.0.
  older: [{ until: '5.0.0', types: { RedisClient: { ...CLIENT_ROWS, root: OLDER_ROOT }, RedisSubscriber: { ...CLIENT, root: { ...OLDER_ROOT, listens: true } }, RedisCluster: { ...CLUSTER, root: { ...CLUSTER.root!, close: '$.quit()' } } } }],
};
