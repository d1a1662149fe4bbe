import { endSnapshot, openSnapshot, withTransaction } from '../db';
import { reportingPool } from '../reporting-pool';

export interface Change {
  orderId: string;
  action: string;
  at: string;
}

const CHANGES = 'SELECT order_id AS "orderId", action, at FROM order_changes';

export async function changesOf(orderId: string): Promise<Change[]> {
  const client = await openSnapshot(reportingPool);
  try {
    const { rows } = await client.query<Change>(`${CHANGES} WHERE order_id = $1 ORDER BY at`, [orderId]);
    return rows;
  } finally {
    endSnapshot(client);
  }
}

export async function latestChanges(limit: number): Promise<Change[]> {
  const client = await openSnapshot(reportingPool);
  const { rows } = await client.query<Change>(`${CHANGES} ORDER BY at DESC LIMIT $1`, [limit]);
  endSnapshot(client);
  return rows;
}

export async function countChanges(day: string): Promise<number> {
  const client = await reportingPool.connect();
  const { rows } = await client.query<{ total: string }>('SELECT count(*) AS total FROM order_changes WHERE at::date = $1', [day]);
  client.release();
  return Number(rows[0]?.total ?? 0);
}

export async function forgetChanges(orderId: string): Promise<void> {
  await withTransaction(reportingPool, async (client) => {
    await client.query('DELETE FROM order_changes WHERE order_id = $1', [orderId]);
  });
}
