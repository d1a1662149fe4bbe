/** The claims of the tables about libraries over PostgreSQL that hand nothing out, or only to a callback. `npm run test:live`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drizzle } from '../../src/drivers/drizzle.ts';
import { prisma } from '../../src/drivers/prisma.ts';
import { slonik } from '../../src/drivers/slonik.ts';
import { load } from './load-library.ts';
import { startPostgres, type PostgresServer } from '../real-pools/postgres-server.ts';
import { describeRootClaims } from './root-claims.ts';

/* There are no types for the libraries here. */
/* eslint-disable @typescript-eslint/no-explicit-any */
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());
const connections = (): Promise<number> => server.connections();

describe('slonik', () => {
  const makePool = async (): Promise<any> => {
    const { createPool } = await load('slonik');
    const { createPgDriverFactory } = await load('@slonik/pg-driver');
    return createPool(server.url, { driverFactory: createPgDriverFactory(), maximumPoolSize: 1, minimumPoolSize: 0 });
  };
  const query = async (pool: any): Promise<unknown> => {
    const { sql } = await load('slonik');
    return pool.query(sql.unsafe`select 1`);
  };
  describeRootClaims(slonik, 'DatabasePool', ['end'], () => ({ make: makePool, use: query, connections }));

  it('`pool.connect` gives back when its callback returns and when it throws', async () => {
    const pool = await makePool();
    const out = (): number => pool.state().acquiredConnections;
    await pool.connect(async () => expect(out()).toBe(1));
    expect(out()).toBe(0);
    await expect(pool.connect(() => Promise.reject(new Error('thrown inside')))).rejects.toThrow('thrown inside');
    expect(out()).toBe(0);
    await pool.end();
  });
});

describe('drizzle', () => {
  it('makes a pool of its own where it is given a URL, which `$client.end()` closes', async () => {
    const { drizzle: make } = await load('drizzle-orm/node-postgres');
    const row = drizzle.types['Database']!;
    expect(row.root?.close).toBe('$.$client.end()');
    for (const given of [server.url, { connection: server.url }]) {
      const db = make(given);
      await db.execute('select 1');
      expect(await connections()).toBe(1);
      await db.$client.end();
      await expect.poll(connections).toBe(0);
    }
  });

  it('stands for the client that it is given', async () => {
    const { drizzle: make } = await load('drizzle-orm/node-postgres');
    const { Pool } = await load('pg');
    const pool = new Pool(server.at);
    const db = make({ client: pool });
    expect(db.$client).toBe(pool);
    await db.execute('select 1');
    await pool.end();
    await expect.poll(connections).toBe(0);
  });

  it('`transaction` loses its client where the transaction cannot begin, as the trap says, and gives it back otherwise', async () => {
    const { drizzle: make } = await load('drizzle-orm/node-postgres');
    const { Pool } = await load('pg');
    const pool = new Pool({ ...server.at, max: 1 });
    const db = make({ client: pool });
    const out = (): number => pool.totalCount - pool.idleCount;
    await db.transaction(async () => expect(out()).toBe(1));
    await expect(db.transaction(() => Promise.reject(new Error('thrown inside')))).rejects.toThrow('thrown inside');
    expect(out()).toBe(0);
    expect(drizzle.traps?.some((trap) => trap.includes('BEGIN'))).toBe(true);
    await pool.end();
  });
});

describe('prisma 7', () => {
  const folder = fileURLToPath(new URL('.generated/', import.meta.url));
  beforeAll(() => {
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, 'schema.prisma'), `
generator client {
  provider = "prisma-client"
  output   = "./client"
}
datasource db {
  provider = "postgresql"
}
model Order {
  id Int @id
}
`);
    // The engines cannot be downloaded everywhere, and are not needed.
    const env = { ...process.env, CHECKPOINT_DISABLE: '1', PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true' };
    execFileSync('npx', ['prisma', 'generate', '--schema', join(folder, 'schema.prisma')], { cwd: fileURLToPath(new URL('.', import.meta.url)), env, stdio: 'pipe' });
  }, 60_000);
  const makeClient = async (): Promise<any> => {
    const { PrismaClient } = (await import(join(folder, 'client/client.ts'))) as any;
    const { PrismaPg } = await load('@prisma/adapter-pg');
    return new PrismaClient({ adapter: new PrismaPg({ connectionString: server.url }) });
  };
  const query = (client: any): Promise<unknown> => client.$queryRawUnsafe('select 1 as one');
  describeRootClaims(prisma, 'PrismaClient', ['$disconnect'], () => ({ make: makeClient, use: query, connections }));

  it('`$extends` shares the pool, and a second client has one of its own', async () => {
    expect(prisma.types['PrismaClient']!.members['$extends']).toEqual({ effect: 'self' });
    const client = await makeClient();
    await query(client);
    await query(client.$extends({}));
    expect(await connections()).toBe(1);
    const second = await makeClient();
    await query(second);
    expect(await connections()).toBe(2);
    await second.$disconnect();
    await client.$disconnect();
    await expect.poll(connections).toBe(0);
  });

  it('opens the pool again for a query after `$disconnect`', async () => {
    const client = await makeClient();
    await query(client);
    await client.$disconnect();
    await expect.poll(connections).toBe(0);
    await query(client);
    expect(await connections()).toBe(1);
    await client.$disconnect();
    await expect.poll(connections).toBe(0);
  });

  it('ignores `connection_limit` in the URL', async () => {
    const { PrismaClient } = (await import(join(folder, 'client/client.ts'))) as any;
    const { PrismaPg } = await load('@prisma/adapter-pg');
    const client = new PrismaClient({ adapter: new PrismaPg({ connectionString: `${server.url}?connection_limit=1` }) });
    await Promise.all(Array.from({ length: 10 }, () => client.$queryRawUnsafe('select pg_sleep(0.2)::text')));
    expect(await connections()).toBeGreaterThan(1);
    await client.$disconnect();
    await expect.poll(connections).toBe(0);
  });
});
