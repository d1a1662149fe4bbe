/**
 * The order service of docs/example, as it is and as `npm run demo -- --fix` changes it, on PostgreSQL with two connections: what the fixed one passes, the leaking
 * one does not come through, since its pool runs dry.
 */
import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { applyPatch } from 'diff';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { exampleFolder } from '../../docs/example/demo/lint-example.ts';
import { fixProject } from '../../src/cli/fix-project.ts';
import { startPostgres, whyNoPostgres, type PostgresServer } from './postgres-server.ts';

const FOLDER = fileURLToPath(new URL(`../../.cache/example-service-${String(process.pid)}/`, import.meta.url));
const TABLES = `
  CREATE TABLE orders (id serial PRIMARY KEY, customer_id text NOT NULL, status text NOT NULL, total numeric NOT NULL DEFAULT 0, created_at timestamptz DEFAULT now(), cancel_reason text);
  CREATE TABLE order_lines (order_id int NOT NULL, sku text NOT NULL, quantity int NOT NULL CHECK (quantity > 0), unit_price numeric NOT NULL);
  CREATE TABLE order_changes (order_id int, action text, at timestamptz);
  CREATE TABLE products (sku text, price numeric);
`;

interface Orders {
  findById(id: string): Promise<{ id: string; status: string } | undefined>;
  create(order: { customerId: string; lines: { sku: string; quantity: number; unitPrice: number }[] }): Promise<string>;
}

interface Service {
  readonly OrderRepository: new (pool: pg.Pool) => Orders;
  countChanges(day: string): Promise<number>;
  importPrices(connectionString: string, file: string): Promise<number>;
  readonly reportingPool: pg.Pool;
}

let database: PostgresServer;

/** All connections that the service opens: what it loses is closed in the end. */
const clients = new Set<pg.Client>();

beforeAll(async () => {
  if (whyNoPostgres() !== undefined) return;
  const connect = pg.Client.prototype.connect as (...given: unknown[]) => unknown;
  vi.spyOn(pg.Client.prototype, 'connect').mockImplementation(function (this: pg.Client, ...given: unknown[]) {
    clients.add(this);
    this.on('error', () => undefined);
    return Reflect.apply(connect, this, given);
  } as typeof pg.Client.prototype.connect);
  database = await startPostgres();
  const admin = new pg.Client(database.at);
  await admin.connect();
  await admin.query(TABLES);
  await admin.end();
  process.env['REPLICA_URL'] = database.url;
  const { files } = await fixProject({ cwd: exampleFolder, paths: ['src'], code: 'services', suggestions: false, rules: [], dryRun: true });
  for (const name of ['before', 'after']) cpSync(join(exampleFolder, 'src'), join(FOLDER, name), { recursive: true });
  for (const { file, diff } of files) {
    const fixed = applyPatch(readFileSync(file, 'utf8'), diff);
    if (fixed === false) throw new Error(`the diff of ${file} does not apply`);
    writeFileSync(join(FOLDER, 'after', relative(join(exampleFolder, 'src'), file)), fixed);
  }
}, 60_000);

afterAll(async () => {
  if (whyNoPostgres() !== undefined) return;
  rmSync(FOLDER, { recursive: true, force: true });
  await Promise.all([...clients].map((client) => client.end()));
  vi.restoreAllMocks();
  await database.stop();
});

async function load(name: string): Promise<Service> {
  const from = (path: string): Promise<object> => import(pathToFileURL(join(FOLDER, name, path)).href) as Promise<object>;
  const modules = await Promise.all([from('repositories/order-repository.ts'), from('repositories/audit-repository.ts'), from('jobs/nightly.ts'), from('reporting-pool.ts')]);
  return Object.assign({}, ...modules) as Service;
}

describe.skipIf(whyNoPostgres() !== undefined).each(['before', 'after'] as const)('the order service, %s the fixes', (name) => {
  let pool: pg.Pool;
  let service: Service;
  beforeEach(async () => {
    pool = new pg.Pool({ ...database.at, max: 2, connectionTimeoutMillis: 300 });
    service = await load(name);
  });
  const isFixed = name === 'after';

  /** What its callers see when the pool is dry. */
  const survives = async (work: () => Promise<unknown>): Promise<void> => {
    if (isFixed) await expect(work()).resolves.toBeDefined();
    else await expect(work()).rejects.toThrow('timeout exceeded when trying to connect');
  };

  it('stores and finds an order', async () => {
    const orders = new service.OrderRepository(pool);
    const id = await orders.create({ customerId: 'c1', lines: [{ sku: 'tea', quantity: 2, unitPrice: 3 }] });
    expect(await orders.findById(String(id))).toMatchObject({ status: 'open' });
    expect(await orders.findById('0')).toBeUndefined();
    expect(pool.totalCount - pool.idleCount).toBe(0);
    await pool.end();
  });

  it(`${isFixed ? 'goes on' : 'runs dry'} after orders that cannot be found`, async () => {
    const orders = new service.OrderRepository(pool);
    for (let request = 0; request < 2; request++) await expect(orders.findById('no number')).rejects.toThrow('invalid input syntax');
    await survives(() => orders.create({ customerId: 'c1', lines: [] }));
    expect(pool.totalCount - pool.idleCount).toBe(isFixed ? 0 : 2);
  });

  it(`${isFixed ? 'goes on' : 'runs dry'} after reports that fail`, async () => {
    Object.assign((service.reportingPool as unknown as { options: object }).options, { max: 2, connectionTimeoutMillis: 300 });
    for (let request = 0; request < 2; request++) await expect(service.countChanges('no day')).rejects.toThrow('invalid input syntax');
    await survives(() => service.countChanges('2026-01-31'));
  });

  it('rolls back an order with a line that is wrong', async () => {
    const orders = new service.OrderRepository(pool);
    const { rows: [before] } = await pool.query('SELECT count(*) FROM orders');
    await expect(orders.create({ customerId: 'c1', lines: [{ sku: 'tea', quantity: 0, unitPrice: 3 }] })).rejects.toThrow('violates check constraint');
    expect((await pool.query('SELECT count(*) FROM orders')).rows[0]).toEqual(before);
    await pool.end();
  });

  it(`${isFixed ? 'closes' : 'loses'} the connection of an import without a file`, async () => {
    const before = await database.connections();
    await expect(service.importPrices(database.url, 'no such file')).rejects.toThrow('ENOENT');
    await expect.poll(() => database.connections()).toBe(isFixed ? before : before + 1);
  });
});
