import type { Driver, TypeRow } from './driver.ts';

const CLIENT: TypeRow = {
  noun: 'client',
  root: { holds: 'a connection, and opens it again whenever it is lost', close: '$.quit()' },
  statics: { Cluster: { is: 'class', type: 'Cluster' } },
  isPartial: true,
  members: {
    quit: { effect: 'ends' },
    disconnect: { effect: 'ends' },
    end: { effect: 'ends' },
    on: { effect: 'self' },
    once: { effect: 'self' },
  },
};

/** ioredis: it connects when it is made. */
export const ioredis: Driver = {
  library: 'ioredis',
  modules: ['ioredis'],
  source: 'https://github.com/redis/ioredis#connect-to-redis; run against Redis 7.0 (facts/drivers.md)',
  traps: [
    'It connects when it is made, and again whenever the connection is lost.',
    '`duplicate()` makes another client with a connection of its own.',
  ],
  itself: { is: 'class', type: 'Redis' },
  exports: { Redis: { is: 'class', type: 'Redis' }, Cluster: { is: 'class', type: 'Cluster' } },
  types: {
    Redis: { ...CLIENT, members: { ...CLIENT.members, duplicate: { effect: 'returns', type: 'Subscriber', anew: true } } },
    // Most are made to subscribe or to block.
    Subscriber: { ...CLIENT, root: { ...CLIENT.root!, listens: true } },
    Cluster: { ...CLIENT, noun: 'cluster client', root: { holds: 'a connection to each of its nodes', close: '$.quit()' } },
  },
};
