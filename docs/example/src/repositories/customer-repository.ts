import type { Pool } from 'pg';

export interface Customer {
  id: string;
  name: string;
  email: string;
}

export class CustomerRepository {
  constructor(private readonly pool: Pool) {}

  async findByEmail(email: string): Promise<Customer | undefined> {
    const client = await this.pool.connect();
    const { release } = client;
    try {
      const { rows } = await client.query<Customer>('SELECT id, name, email FROM customers WHERE email = $1', [
        email.toLowerCase(),
      ]);
      return rows[0];
    } finally {
      release();
    }
  }

  async changeEmail(id: string, email: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('UPDATE customers SET email = $2 WHERE id = $1', [id, email.toLowerCase()]);
    } finally {
      client.release();
    }
    await client.query("SELECT pg_notify('customer_changed', $1)", [id]);
  }

  async merge(duplicateId: string, keptId: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query('UPDATE orders SET customer_id = $2 WHERE customer_id = $1', [duplicateId, keptId]);
      await client.query('DELETE FROM customers WHERE id = $1', [duplicateId]);
      await client.query('COMMIT');
    } catch (error) {
      client.release(true);
      throw error;
    } finally {
      client.release();
    }
  }

  async anonymise(id: string): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      await client.query("UPDATE customers SET name = '', email = '' WHERE id = $1", [id]);
      await client.query('DELETE FROM addresses WHERE customer_id = $1', [id]);
      await client.query('COMMIT');
    } catch (error) {
      client.release(true);
      throw error;
    }
    client.release();
  }
}
