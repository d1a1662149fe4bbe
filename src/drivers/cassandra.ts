import type { Driver } from './driver.ts';

/** Cassandra: a client holds a pool for each host. */
export const cassandra: Driver = {
  library: 'cassandra-driver',
  modules: ['cassandra-driver'],
  source: 'https://docs.datastax.com/en/developer/nodejs-driver/latest/features/connection-pooling/; read (facts/drivers.md)',
  traps: [
    'Nothing is handed out: what leaks is a client per request.',
  ],
  exports: { Client: { is: 'class', type: 'Client' } },
  types: {
    Client: {
      noun: 'client',
      root: { holds: 'a pool for each of its hosts', close: '$.shutdown()' },
      isPartial: true,
      members: { shutdown: { effect: 'ends' } },
    },
  },
};
