import type { Pool, PoolClient } from 'pg';

import { OrderConflictError, toOrder, type NewOrder, type Order, type OrderLine, type OrderRow } from '../order';

export class OrderRepository {
  constructor(private readonly pool: Pool) {}

  async findById(id: string): Promise<Order | undefined> {
    const client = await this.pool.connect();
    const { rows } = await client.query<OrderRow>('SELECT * FROM orders WHERE id = $1', [id]);
    client.release();
    return rows[0] && toOrder(rows[0]);
  }

  async listOpen(customerId: string): Promise<Order[]> {
    let client: PoolClient | undefined;
    try {
      client = await this.pool.connect();
      const { rows } = await client.query<OrderRow>(
        "SELECT * FROM orders WHERE customer_id = $1 AND status = 'open' ORDER BY created_at",
        [customerId],
      );
      return rows.map(toOrder);
    } finally {
      client?.release();
    }
  }

  async create(order: NewOrder): Promise<string> {
    const client = await this.pool.connect();
    await client.query('BEGIN');
    try {
      const { rows } = await client.query<{ id: string }>(
        "INSERT INTO orders (customer_id, status) VALUES ($1, 'open') RETURNING id",
        [order.customerId],
      );
      const id = rows[0]?.id;
      if (id === undefined) throw new OrderConflictError('the order was not stored');
      for (const line of order.lines) {
        await this.addLine(id, line, client);
      }
      await client.query('COMMIT');
      return id;
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }

  async addLine(orderId: string, line: OrderLine, transaction?: PoolClient): Promise<void> {
    const client = transaction ?? (await this.pool.connect());
    try {
      await client.query('INSERT INTO order_lines (order_id, sku, quantity, unit_price) VALUES ($1, $2, $3, $4)', [
        orderId,
        line.sku,
        line.quantity,
        line.unitPrice,
      ]);
    } finally {
      if (!transaction) client.release();
    }
  }

  async confirm(id: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query("UPDATE orders SET status = 'confirmed' WHERE id = $1 AND status = 'open'", [id]);
      await client.query('INSERT INTO outbox (topic, payload) VALUES ($1, $2)', ['order.confirmed', { id }]);
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw new OrderConflictError(`order ${id} could not be confirmed`, { cause: error });
    }
    client.release();
  }

  async cancel(id: string, reason: string): Promise<boolean> {
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query<OrderRow>('SELECT * FROM orders WHERE id = $1 FOR UPDATE', [id]);
      if (rows[0]?.status !== 'open') {
        return false;
      }
      await client.query("UPDATE orders SET status = 'cancelled', cancel_reason = $2 WHERE id = $1", [id, reason]);
      client.release();
      return true;
    } catch (error) {
      client.release(true);
      throw error;
    }
  }
}
