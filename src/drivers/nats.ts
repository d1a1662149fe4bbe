import type { Driver } from './driver.ts';

/** NATS: one connection for a process. A subscription is meant to stay, and ends by what it is told, so it has no row. */
export const nats: Driver = {
  library: 'nats',
  modules: ['nats', '@nats-io/transport-node'],
  source: 'https://github.com/nats-io/nats.js#connecting-to-a-nats-server; nats 2.29.3 read (facts/drivers.md)',
  traps: [
    'Nothing is handed out that is scarce: what leaks is a connection per request.',
  ],
  exports: { connect: { is: 'factory', type: 'NatsConnection', gives: 'promise' }, NatsConnection: { is: 'type', type: 'NatsConnection' } },
  types: {
    NatsConnection: {
      noun: 'connection',
      root: { holds: 'a connection to the server', close: '$.drain()', listens: true },
      members: { drain: { effect: 'ends' }, close: { effect: 'ends' } },
    },
  },
};
