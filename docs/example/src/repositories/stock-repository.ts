import type { Pool, PoolConnection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';

import type { OrderLine } from '../order';

export interface StockMovement {
  sku: string;
  warehouse: string;
  quantity: number;
}

interface StockRow extends RowDataPacket {
  sku: string;
  warehouse: string;
  available: number;
}

export class StockRepository {
  constructor(private readonly pool: Pool) {}

  private async checkout(): Promise<PoolConnection> {
    const connection = await this.pool.getConnection();
    try {
      await connection.query("SET SESSION time_zone = '+00:00', innodb_lock_wait_timeout = 5");
    } catch (error) {
      connection.destroy();
      throw error;
    }
    return connection;
  }

  async available(sku: string): Promise<number> {
    const connection = await this.checkout();
    try {
      const [rows] = await connection.execute<StockRow[]>('SELECT * FROM stock WHERE sku = ?', [sku]);
      return rows.reduce((sum, row) => sum + row.available, 0);
    } finally {
      connection.release();
    }
  }

  async reserve(lines: OrderLine[]): Promise<boolean> {
    const connection = await this.checkout();
    await connection.beginTransaction();
    for (const line of lines) {
      const [result] = await connection.execute<ResultSetHeader>(
        'UPDATE stock SET available = available - ? WHERE sku = ? AND available >= ?',
        [line.quantity, line.sku, line.quantity],
      );
      if (result.affectedRows === 0) {
        await connection.rollback();
        return false;
      }
    }
    await connection.commit();
    connection.release();
    return true;
  }

  async recordMovement(movement: StockMovement, transaction?: PoolConnection): Promise<void> {
    const connection = transaction ?? (await this.pool.getConnection());
    await connection.execute('INSERT INTO stock_movements (sku, warehouse, quantity) VALUES (?, ?, ?)', [
      movement.sku,
      movement.warehouse,
      movement.quantity,
    ]);
    if (!transaction) connection.release();
  }

  async transfer(sku: string, quantity: number, from: string, to: string): Promise<void> {
    const connection = await this.pool.getConnection();
    const transaction = connection;
    try {
      await transaction.beginTransaction();
      await this.recordMovement({ sku, warehouse: from, quantity: -quantity }, transaction);
      await this.recordMovement({ sku, warehouse: to, quantity }, transaction);
      await transaction.commit();
    } catch (error) {
      await transaction.rollback();
      throw error;
    } finally {
      transaction.release();
    }
  }

  async snapshot(warehouse: string): Promise<StockRow[]> {
    await using connection = await this.pool.getConnection();
    const [rows] = await connection.execute<StockRow[]>('SELECT * FROM stock WHERE warehouse = ?', [warehouse]);
    return rows;
  }
}
