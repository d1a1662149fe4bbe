import { readFile } from 'node:fs/promises';

import { Client, type Pool } from 'pg';

interface PriceChange {
  sku: string;
  price: number;
}

const CLOSE_DAY_LOCK = 4711;

export async function importPrices(connectionString: string, file: string): Promise<number> {
  const client = new Client({ connectionString, statement_timeout: 60_000 });
  await client.connect();
  const changes = JSON.parse(await readFile(file, 'utf8')) as PriceChange[];
  for (const change of changes) {
    await client.query('UPDATE products SET price = $2 WHERE sku = $1', [change.sku, change.price]);
  }
  await client.end();
  return changes.length;
}

export async function dropOldPartitions(connectionString: string, keepMonths: number): Promise<void> {
  const client = new Client({ connectionString });
  try {
    await client.connect();
    await client.query('CALL drop_partitions_older_than($1)', [keepMonths]);
  } finally {
    await client.end();
  }
}

export async function closeDay(pool: Pool, day: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [CLOSE_DAY_LOCK]);
    await client.query('INSERT INTO daily_totals SELECT * FROM totals_of($1)', [day]);
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [CLOSE_DAY_LOCK]);
    client.release();
  }
}

export async function refreshStatistics(pool: Pool): Promise<number> {
  const client = await pool.connect();
  const startedAt = Date.now();
  client.once('error', (error) => console.error('lost the connection while refreshing', error));
  console.info('refreshing order statistics');
  try {
    await client.query('REFRESH MATERIALIZED VIEW CONCURRENTLY order_statistics');
    return Date.now() - startedAt;
  } finally {
    client.release();
  }
}
