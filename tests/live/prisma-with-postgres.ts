/** The claims of the table of Prisma 7 over PostgreSQL. `npm run test:live`: it is too large for `npm ci`. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { prisma } from '../../src/drivers/prisma.ts';
import { load } from './load-library.ts';
import { startPostgres, type PostgresServer } from '../real-pools/postgres-server.ts';
import { describeRootClaims } from '../real-pools/root-claims.ts';

/* There are no types for the libraries here. */
/* eslint-disable @typescript-eslint/no-explicit-any */
let server: PostgresServer;
beforeAll(async () => {
  server = await startPostgres();
}, 60_000);
afterAll(() => server.stop());
const connections = (): Promise<number> => server.connections();

describe('prisma 7', () => {
  const folder = fileURLToPath(new URL('node_modules/.prisma-7/', import.meta.url));
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
