/** The claims of the tables about the drivers of MariaDB and Redis, where the machine has the servers. `npm run test:live`. */
import { execFileSync } from 'node:child_process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ioredis } from '../../src/drivers/ioredis.ts';
import { mariadb, mariadbCallback } from '../../src/drivers/mariadb.ts';
import { redis } from '../../src/drivers/redis.ts';
import { describeClaims, type Subject } from '../real-pools/claims.ts';
import { hasProgram, startMariadb, startRedis, type DebianServer } from './debian-server.ts';
import { load } from './load-library.ts';
import { describeRootClaims, type RootSubject } from '../real-pools/root-claims.ts';

/* There are no types for the libraries here. */
/* eslint-disable @typescript-eslint/no-explicit-any */

describe.skipIf(!hasProgram('mariadbd'))('mariadb', () => {
  let server: DebianServer;
  let pool: any;
  beforeAll(async () => {
    server = await startMariadb();
  }, 60_000);
  afterAll(() => server.stop());
  const at = (): object => ({ host: '127.0.0.1', port: server.port, user: 'shop', database: 'shop' });

  describe('with promises', () => {
    beforeEach(async () => {
      const { default: library } = await load('mariadb');
      pool = library.createPool({ ...at(), connectionLimit: 1 });
    });
    afterEach(() => pool.end());
    const subject = (): Subject => ({
      driver: mariadb, type: 'PoolConnection', source: pool,
      out: () => pool.activeConnections(),
      take: () => pool.getConnection(),
      use: (connection: any) => connection.query('select 1'),
    });
    describeClaims(mariadb, 'PoolConnection', subject);

    it('a release rolls an open transaction back, as the trap says', async () => {
      const first = await pool.getConnection();
      await first.query('CREATE OR REPLACE TABLE orders (id INT)');
      await first.beginTransaction();
      await first.query('INSERT INTO orders VALUES (1)');
      await first.release();
      const second = await pool.getConnection();
      expect(await second.query('SELECT * FROM orders')).toHaveLength(0);
      await second.release();
    });
  });

  describe('with callbacks', () => {
    beforeEach(async () => {
      const { default: library } = await load('mariadb/callback');
      pool = library.createPool({ ...at(), connectionLimit: 1 });
    });
    afterEach(() => new Promise<void>((resolve) => pool.end(() => resolve())));
    const taken = new Set<any>();
    it('`getConnection` gives the connection as the second argument, and `release` gives it back', async () => {
      expect(mariadbCallback.types['Pool']!.members['getConnection']).toMatchObject({ style: 'callback', callback: { handle: 1 } });
      const connection = await new Promise<any>((resolve, reject) => pool.getConnection((error: unknown, one: any) => (error ? reject(error) : resolve(one))));
      taken.add(connection);
      await expect.poll(() => pool.activeConnections()).toBe(1);
      connection.release();
      await expect.poll(() => pool.activeConnections()).toBe(0);
    });
  });

  describe('a connection of its own', () => {
    describeClaims(mariadb, 'Connection', (): Subject => ({
      driver: mariadb, type: 'Connection', source: {},
      out: () => Number(execFileSync('mariadb', ['--host=127.0.0.1', `--port=${String(server.port)}`, '--user=root', '--skip-column-names', '--execute', "SELECT COUNT(*) FROM information_schema.processlist WHERE user = 'shop'"], { encoding: 'utf8' })),
      take: async () => {
        const { default: library } = await load('mariadb');
        return library.createConnection(at());
      },
      use: (connection: any) => connection.query('select 1'),
    }));
  });
});

describe.skipIf(!hasProgram('redis-server'))('redis', () => {
  let server: DebianServer;
  beforeAll(async () => {
    server = await startRedis();
  }, 60_000);
  afterAll(() => server.stop());
  /** The server's own client asks, which is one of the list. */
  const connections = async (): Promise<number> => execFileSync('redis-cli', ['-p', String(server.port), 'client', 'list'], { encoding: 'utf8' }).trim().split('\n').length - 1;
  const ofRedis = (name: string): RootSubject => ({
    make: async () => {
      const library = await load('redis');
      const client = library[name]({ url: `redis://127.0.0.1:${String(server.port)}` });
      await client.connect();
      return client;
    },
    use: (client: any) => client.get('orders'),
    connections,
  });

  describe('redis', () => {
    describeRootClaims(redis, 'RedisClient', ['close', 'destroy', 'disconnect', 'quit'], () => ofRedis('createClient'));
    describeRootClaims(redis, 'RedisPool', ['close', 'destroy'], () => ({
      ...ofRedis('createClientPool'),
      make: async () => {
        const { createClientPool } = await load('redis');
        return createClientPool({ url: `redis://127.0.0.1:${String(server.port)}` }).connect();
      },
    }));

    it('a pool gives back by itself when its callback returns and when it throws', async () => {
      const { createClientPool } = await load('redis');
      const pool = await createClientPool({ url: `redis://127.0.0.1:${String(server.port)}` }).connect();
      await pool.execute((client: any) => {
        expect(pool.clientsInUse).toBe(1);
        return client.get('orders');
      });
      await expect.poll(() => pool.clientsInUse).toBe(0);
      await expect(pool.execute(() => Promise.reject(new Error('thrown inside')))).rejects.toThrow('thrown inside');
      await expect.poll(() => pool.clientsInUse).toBe(0);
      await pool.close();
    });
  });

  describe('ioredis', () => {
    describeRootClaims(ioredis, 'Redis', ['disconnect', 'end', 'quit'], () => ({
      make: async () => {
        const { Redis } = await load('ioredis');
        return new Redis({ host: '127.0.0.1', port: server.port });
      },
      use: (client: any) => client.get('orders'),
      connections,
    }));

    it('connects when it is made, and again when the connection is lost', async () => {
      const { Redis } = await load('ioredis');
      const client = new Redis({ host: '127.0.0.1', port: server.port });
      await expect.poll(connections).toBe(1);
      await client.get('orders');
      client.stream.destroy();
      await expect.poll(connections).toBe(0);
      await expect.poll(connections, { timeout: 5000 }).toBe(1);
      await client.quit();
      await expect.poll(connections).toBe(0);
    });
  });
});
