/**
 * Are the expected findings of the example true? Every function named there runs against fake pools, under every choice
 * of failing call and found row; what the runs show has to be what the file says. The plugin takes no part in this.
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';

import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { readExpectedFindings } from '../../../docs/example/demo/compare-findings.ts';
import { openSnapshot, openTransaction, querySnapshot, waitForDatabase, withTransaction } from '../../../docs/example/src/db.ts';
import type { Reply, Request } from '../../../docs/example/src/http/router.ts';
import { closeDay, dropOldPartitions, importPrices, refreshStatistics } from '../../../docs/example/src/jobs/nightly.ts';
import { relayOutbox, replayTopic } from '../../../docs/example/src/jobs/outbox.ts';
import { changesOf, countChanges, latestChanges } from '../../../docs/example/src/repositories/audit-repository.ts';
import { CustomerRepository } from '../../../docs/example/src/repositories/customer-repository.ts';
import { OrderRepository } from '../../../docs/example/src/repositories/order-repository.ts';
import { ReportRepository } from '../../../docs/example/src/repositories/report-repository.ts';
import { StockRepository } from '../../../docs/example/src/repositories/stock-repository.ts';
import { healthRoutes } from '../../../docs/example/src/routes/health-routes.ts';
import { exploreRuns, type Choose } from './explore-runs.ts';
import { FakeDatabase } from './fake-database.ts';

const current = vi.hoisted(() => ({ createClient: (): object => ({}), connect: (): object => ({}) }));
vi.mock('pg', () => ({
  // Pools that a module makes for itself lead to the database of the run.
  Pool: class {
    on(): void {}

    connect(): object {
      return current.connect();
    }
  },
  Client: class {
    constructor() {
      return current.createClient();
    }
  },
}));
vi.mock('node:timers/promises', () => ({ setTimeout: () => Promise.resolve() }));

const line = { sku: 'A-1', quantity: 1, unitPrice: 5 };
const reply = { json: () => undefined } as unknown as Reply;
const expected = readExpectedFindings();

let folder: string;
let priceFile: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'example-'));
  priceFile = path.join(folder, 'prices.json');
  await writeFile(priceFile, JSON.stringify([{ sku: 'A-1', price: 5 }]));
  for (const method of ['warn', 'info', 'error'] as const) vi.spyOn(console, method).mockReturnValue();
});
afterAll(() => rm(folder, { recursive: true }));

/** How to call each function of the example; one that returns its connection has a caller here who gives it back. */
const calls: Record<string, (database: FakeDatabase, choose: Choose) => Promise<unknown>> = {
  waitForDatabase: (db) => waitForDatabase(db.orderPool, 2),
  openTransaction: async (db) => (await openTransaction(db.orderPool)).release(),
  withTransaction: (db) => withTransaction(db.orderPool, async () => db.mayFail('work')),
  openSnapshot: async (db) => (await openSnapshot(db.orderPool)).release(),
  querySnapshot: (db) => querySnapshot(db.orderPool, ['SELECT 1', 'SELECT 2']),
  importPrices: (_db, choose) => importPrices('', choose(2) === 0 ? priceFile : `${priceFile}.gone`),
  dropOldPartitions: () => dropOldPartitions('', 6),
  closeDay: (db) => closeDay(db.orderPool, '2026-01-31'),
  refreshStatistics: (db) => refreshStatistics(db.orderPool),
  relayOutbox: (db) => relayOutbox(db.orderPool, async () => db.mayFail('publish')),
  replayTopic: (db) => replayTopic(db.orderPool, 'order.confirmed', async () => db.mayFail('publish')),
  changesOf: () => changesOf('1'),
  latestChanges: () => latestChanges(10),
  countChanges: () => countChanges('2026-01-31'),
  'CustomerRepository.findByEmail': (db) => new CustomerRepository(db.orderPool).findByEmail('a@example.org'),
  'CustomerRepository.changeEmail': (db) => new CustomerRepository(db.orderPool).changeEmail('1', 'a@example.org'),
  'CustomerRepository.merge': (db) => new CustomerRepository(db.orderPool).merge('1', '2'),
  'CustomerRepository.anonymise': (db) => new CustomerRepository(db.orderPool).anonymise('1'),
  'OrderRepository.findById': (db) => new OrderRepository(db.orderPool).findById('1'),
  'OrderRepository.listOpen': (db) => new OrderRepository(db.orderPool).listOpen('1'),
  'OrderRepository.create': (db) => new OrderRepository(db.orderPool).create({ customerId: '1', lines: [line] }),
  'OrderRepository.addLine': (db) => new OrderRepository(db.orderPool).addLine('1', line),
  'OrderRepository.confirm': (db) => new OrderRepository(db.orderPool).confirm('1'),
  'OrderRepository.cancel': (db) => new OrderRepository(db.orderPool).cancel('1', 'changed my mind'),
  'ReportRepository.unpaidOrders': (db, choose) => consume(new ReportRepository(db.orderPool).unpaidOrders(), choose),
  'ReportRepository.dailyRevenue': (db, choose) => consume(new ReportRepository(db.orderPool).dailyRevenue(2026), choose),
  'StockRepository.checkout': async (db) => {
    // Private: reached through a caller that is known to give the connection back.
    await new StockRepository(db.stockPool).available('A-1');
  },
  'StockRepository.available': (db) => new StockRepository(db.stockPool).available('A-1'),
  'StockRepository.reserve': (db) => new StockRepository(db.stockPool).reserve([line]),
  'StockRepository.recordMovement': (db) =>
    new StockRepository(db.stockPool).recordMovement({ sku: 'A-1', warehouse: 'north', quantity: 1 }),
  'StockRepository.transfer': (db) => new StockRepository(db.stockPool).transfer('A-1', 1, 'north', 'south'),
  'StockRepository.snapshot': (db) => new StockRepository(db.stockPool).snapshot('north'),
  'healthRoutes.live': (db) => healthRoutes(db.orderPool, db.stockPool)[0]!.handler({} as Request, reply),
  'healthRoutes.replication': (db) => healthRoutes(db.orderPool, db.stockPool)[1]!.handler({} as Request, reply),
};

/** Statements whose failure is another function's fault: openSnapshot() has its own entry. */
const reliableStatements: Record<string, RegExp> = { querySnapshot: /^BEGIN/, changesOf: /^BEGIN/, latestChanges: /^BEGIN/ };

async function consume(source: AsyncIterable<unknown>, choose: Choose): Promise<void> {
  for await (const _item of source) {
    if (choose(2) === 1) break;
  }
}

/** The rules that the runs of one function break. */
async function observeRules(name: string): Promise<string[]> {
  const broken = new Set<string>();
  let acquired = 0;
  await exploreRuns(9, async (choose) => {
    const database = new FakeDatabase(choose, reliableStatements[name]);
    current.createClient = () => database.createClient();
    current.connect = () => database.orderPool.connect();
    await calls[name]!(database, choose).catch(() => undefined);
    for (const lease of database.leases) {
      acquired += 1;
      if (lease.releases === 0) broken.add('connection-leaks/require-release');
      if (lease.releases > 1) broken.add('connection-leaks/no-double-release');
      if (lease.usesAfterRelease > 0) broken.add('connection-leaks/no-use-after-release');
    }
  });
  // A function that never got a connection shows nothing, however the runs end.
  expect(acquired).toBeGreaterThan(0);
  return [...broken];
}

describe('the example, run under every choice of failing call', () => {
  it.each(expected.findings)('$function breaks $rule', async ({ function: name, rule }) => {
    expect(await observeRules(name)).toEqual([rule]);
  });

  it.each(expected.silent)('$function breaks nothing', async ({ function: name }) => {
    expect(await observeRules(name)).toEqual([]);
  });

  it('has a call for every function of the file and for no other', () => {
    const named = [...expected.findings, ...expected.silent].map((entry) => entry.function);
    expect(Object.keys(calls).sort()).toEqual([...new Set(named)].sort());
  });
});
