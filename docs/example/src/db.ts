import { setTimeout as delay } from 'node:timers/promises';

import { createPool, type Pool as StockPool } from 'mysql2/promise';
import { Pool, type PoolClient, type QueryResultRow } from 'pg';

export function createOrderPool(connectionString: string): Pool {
  const pool = new Pool({ connectionString, max: 10, connectionTimeoutMillis: 5_000 });
  pool.on('error', (error) => console.error('idle order connection failed', error));
  return pool;
}

export function createStockPool(uri: string): StockPool {
  return createPool({ uri, connectionLimit: 10, waitForConnections: true });
}

export async function waitForDatabase(pool: Pool, attempts = 10): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      const probe = await pool.connect();
      probe.release();
      return;
    } catch (error) {
      if (attempt >= attempts) throw error;
      console.warn(`database not ready, attempt ${attempt} of ${attempts}`);
      await delay(500);
    }
  }
}

export async function openTransaction(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
  } catch (error) {
    client.release(true);
    throw error;
  }
  return client;
}

export async function withTransaction<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await openTransaction(pool);
  try {
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK');
    throw error;
  } finally {
    client.release();
  }
}

export async function openSnapshot(pool: Pool): Promise<PoolClient> {
  const client = await pool.connect();
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
  return client;
}

export async function querySnapshot<R extends QueryResultRow>(pool: Pool, statements: string[]): Promise<R[][]> {
  const client = await openSnapshot(pool);
  try {
    const results: R[][] = [];
    for (const statement of statements) {
      const { rows } = await client.query<R>(statement);
      results.push(rows);
    }
    await client.query('COMMIT');
    return results;
  } finally {
    client.release();
  }
}

export function endSnapshot(client: PoolClient, failure?: Error): void {
  client.release(failure);
}
