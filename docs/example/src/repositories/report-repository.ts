import type { Pool } from 'pg';

import { toOrder, type Order, type OrderRow } from '../order';

export interface DailyRevenue {
  day: string;
  revenue: number;
}

export class ReportRepository {
  constructor(private readonly pool: Pool) {}

  async *unpaidOrders(batchSize = 500): AsyncGenerator<Order> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN READ ONLY');
      await client.query('DECLARE unpaid CURSOR FOR SELECT * FROM orders WHERE paid_at IS NULL ORDER BY id');
      for (;;) {
        const { rows } = await client.query<OrderRow>(`FETCH ${batchSize} FROM unpaid`);
        if (rows.length === 0) break;
        for (const row of rows) yield toOrder(row);
      }
      await client.query('COMMIT');
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.release();
  }

  async *dailyRevenue(year: number): AsyncGenerator<DailyRevenue> {
    const client = await this.pool.connect();
    try {
      for (let month = 1; month <= 12; month += 1) {
        const { rows } = await client.query<{ day: string; revenue: string }>(
          'SELECT day, revenue FROM daily_totals WHERE year = $1 AND month = $2 ORDER BY day',
          [year, month],
        );
        for (const row of rows) yield { day: row.day, revenue: Number(row.revenue) };
      }
    } finally {
      client.release();
    }
  }
}
