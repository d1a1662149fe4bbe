import type { Driver, TypeRow } from './driver.ts';
import { mysql2Promise } from './mysql2.ts';
import { pg } from './pg.ts';

const HAS_SERVER: TypeRow['members'] = { server: { effect: 'has', type: 'FastifyInstance' } };

/** Fastify, with what `@fastify/postgres` and `@fastify/mysql` add to an instance. The plugins end their pools when the instance is closed. */
export const fastify: Driver = {
  library: 'fastify',
  modules: ['fastify'],
  source: 'https://github.com/fastify/fastify-postgres#usage; @fastify/postgres 6.1.0 run, @fastify/mysql 5.0.3 read (facts/drivers.md)',
  example: {
    setup: ["import Fastify from 'fastify';", 'const fastify = Fastify();'],
    take: ['const client = await fastify.pg.connect();'],
    use: ["await client.query('UPDATE orders SET open = false');"],
  },
  traps: [
    'With the route option `pg: { transact: true }`, `request.pg` is ended by the plugin: the handler must not release it.',
    'A callback of `fastify.pg.transact(…)` that throws before its first `await` loses the client.',
    '`fastify.mysql.getConnection()` gives a promise only with the plugin option `promise: true`.',
  ],
  itself: { is: 'factory', type: 'FastifyInstance' },
  exports: {
    fastify: { is: 'factory', type: 'FastifyInstance' },
    FastifyInstance: { is: 'type', type: 'FastifyInstance' },
    FastifyRequest: { is: 'type', type: 'FastifyRequest' },
    FastifyReply: { is: 'type', type: 'FastifyReply' },
  },
  types: {
    // Other plugins add what they like.
    FastifyInstance: { noun: 'Fastify instance', isPartial: true, failsAtOnce: true, members: { pg: { effect: 'has', type: 'PostgresDb' }, mysql: { effect: 'has', type: 'MySQLPool' } } },
    FastifyRequest: { noun: 'request', isPartial: true, failsAtOnce: true, members: HAS_SERVER },
    FastifyReply: { noun: 'reply', isPartial: true, failsAtOnce: true, members: HAS_SERVER },
    PostgresDb: {
      noun: 'pool',
      members: { connect: { effect: 'acquire', yields: 'PoolClient', style: 'promise', callback: { handle: 1, release: 2 } }, pool: { effect: 'self' } },
    },
    PoolClient: { ...pg.types['PoolClient']!, scoped: [{ call: '@.transact', gives: '$', commits: true }] },
    MySQLPool: { noun: 'pool', members: { getConnection: { effect: 'acquire', yields: 'PoolConnection', style: 'promise', callback: { handle: 1 } }, pool: { effect: 'self' } } },
    PoolConnection: { ...mysql2Promise.types['PoolConnection']!, dispose: { ...mysql2Promise.types['PoolConnection']!.dispose!, package: 'mysql2' } },
  },
};
