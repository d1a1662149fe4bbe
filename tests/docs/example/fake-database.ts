import type { Pool as StockPool } from 'mysql2/promise';
import type { Pool } from 'pg';

import type { Choose } from './explore-runs.ts';

/** What became of one connection that was handed out. */
export interface Lease {
  releases: number;
  usesAfterRelease: number;
}

/**
 * Stands in for both drivers in one run of the example: every acquisition and statement may fail, every statement may
 * find rows or none, and each lease counts its releases and late uses. A second release behaves as in the driver: pg
 * throws, mysql2 does not mind (see the drivers' pages).
 */
export class FakeDatabase {
  readonly leases: Lease[] = [];
  readonly #choose: Choose;
  readonly #reliable: RegExp | undefined;
  /** Statements that have found rows; they find none again, so that "until it is empty" loops end. */
  readonly #served = new Set<string>();

  /** @param reliable statements that never fail in this run */
  constructor(choose: Choose, reliable?: RegExp) {
    this.#choose = choose;
    this.#reliable = reliable;
  }

  /** Fails in one of the explored runs and succeeds in another. */
  mayFail(what: string): void {
    if (this.#choose(2) === 1) throw new Error(`injected: ${what}`);
  }

  readonly orderPool = { connect: () => this.#connect() } as unknown as Pool;

  readonly stockPool = {
    getConnection: async () => this.#getConnection(),
    releaseConnection: (connection: { release: () => void }) => connection.release(),
  } as unknown as StockPool;

  /** Behaves as `new Client()` of pg: nothing is held before connect() succeeds, and end() may come at any time. */
  createClient(): object {
    let lease: Lease | undefined;
    return {
      connect: async () => {
        this.mayFail('connect');
        lease = this.#lease();
      },
      query: async (text: string) => ({ rows: this.#runStatement(text, lease) }),
      end: async () => {
        if (lease) lease.releases += 1;
      },
    };
  }

  async #connect(): Promise<object> {
    this.mayFail('connect');
    const lease = this.#lease();
    return {
      query: async (text: string) => {
        const rows = this.#runStatement(text, lease);
        return { rows, rowCount: rows.length };
      },
      once: () => undefined,
      release: () => {
        lease.releases += 1;
        if (lease.releases > 1) throw new Error('Release called on client which has already been released to the pool.');
      },
    };
  }

  #getConnection(): object {
    this.mayFail('getConnection');
    const lease = this.#lease();
    const run = async (text: string): Promise<unknown> => {
      const rows = this.#runStatement(text, lease);
      return [text.startsWith('UPDATE') ? { affectedRows: rows.length } : rows];
    };
    const giveBack = (): void => {
      lease.releases += 1;
    };
    return {
      query: run,
      execute: run,
      ping: () => run('PING'),
      beginTransaction: () => run('BEGIN'),
      commit: () => run('COMMIT'),
      rollback: () => run('ROLLBACK'),
      release: giveBack,
      destroy: giveBack,
      [Symbol.asyncDispose]: async () => giveBack(),
    };
  }

  #lease(): Lease {
    const lease = { releases: 0, usesAfterRelease: 0 };
    this.leases.push(lease);
    return lease;
  }

  #runStatement(text: string, lease: Lease | undefined): object[] {
    if (lease && lease.releases > 0) lease.usesAfterRelease += 1;
    if (this.#reliable?.test(text) !== true) this.mayFail(text);
    if (!/SELECT|RETURNING|FETCH|^UPDATE/.test(text) || this.#served.has(text) || this.#choose(2) === 0) return [];
    this.#served.add(text);
    return [{ id: '1', sku: 'A-1', topic: 'order.confirmed', status: 'open', day: '2026-01-31', revenue: '1', available: 1, total: '1' }];
  }
}
