import type { Pool as StockPool, RowDataPacket } from 'mysql2/promise';
import type { Pool } from 'pg';

import { route, type Reply, type Request, type Route } from '../http/router';

export function healthRoutes(orders: Pool, stock: StockPool): Route[] {
  async function live(_request: Request, reply: Reply): Promise<void> {
    const connection = await stock.getConnection();
    try {
      await connection.ping();
    } finally {
      stock.releaseConnection(connection);
    }
    reply.json(200, { status: 'ok' });
  }

  async function replication(_request: Request, reply: Reply): Promise<void> {
    const client = await orders.connect();
    const connection = await stock.getConnection();
    try {
      const { rows } = await client.query<{ lag: number }>('SELECT lag_seconds AS lag FROM replication_status');
      const [replicas] = await connection.query<RowDataPacket[]>('SHOW REPLICA STATUS');
      reply.json(200, { orders: rows[0]?.lag ?? null, stockReplicas: replicas.length });
    } finally {
      connection.release();
      client.release();
    }
  }

  return [route('GET', '/health', live), route('GET', '/health/replication', replication)];
}
