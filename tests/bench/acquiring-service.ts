/** Writes a service of many functions that take a connection, in the shapes that real code has. */

type Shape = (name: string) => string;

const SHAPES: readonly Shape[] = [
  (name) => `
  async ${name}(id: string): Promise<Row | undefined> {
    const client = await this.pool.connect();
    try {
      const { rows } = await client.query<Row>('SELECT id, name, total FROM ${name} WHERE id = $1', [id]);
      return rows[0];
    } finally {
      client.release();
    }
  }
`,
  (name) => `
  async ${name}(rows: readonly Row[]): Promise<void> {
    const client = await this.pool.connect();
    try {
      await client.query('BEGIN');
      for (const row of rows) {
        await client.query('INSERT INTO ${name} (id, name, total) VALUES ($1, $2, $3)', [row.id, row.name, row.total]);
      }
      await client.query('COMMIT');
    } catch (error) {
      await client.query('ROLLBACK');
      throw error;
    } finally {
      client.release();
    }
  }
`,
  (name) => `
  async ${name}(id: string): Promise<number> {
    const client = await this.pool.connect();
    const { rows } = await client.query<Row>('SELECT total FROM ${name} WHERE id = $1', [id]);
    client.release();
    return rows.length === 0 ? 0 : Number(rows[0]?.total ?? 0);
  }
`,
  (name) => `
  async ${name}(limit = 20): Promise<string[]> {
    let client: PoolClient | undefined;
    try {
      client = await this.pool.connect();
      const { rows } = await client.query<Row>('SELECT name FROM ${name} ORDER BY name LIMIT $1', [limit]);
      return rows.map((row) => row.name.trim());
    } catch (error) {
      this.logger.warn('could not read ${name}', error);
      return [];
    } finally {
      client?.release();
    }
  }
`,
  (name) => `
  async ${name}(id: string, transaction?: PoolClient): Promise<boolean> {
    const client = transaction ?? (await this.pool.connect());
    try {
      const { rowCount } = await client.query('DELETE FROM ${name} WHERE id = $1', [id]);
      if (rowCount === 0) {
        this.logger.info('nothing deleted', { id });
        return false;
      }
      return true;
    } finally {
      if (!transaction) client.release();
    }
  }
`,
];

/** The source of a TypeScript module with one class of `functions` methods, each of which acquires once. */
export function writeAcquiringService(functions: number, seed = 0): string {
  const methods = Array.from({ length: functions }, (_, index) => SHAPES[(index + seed) % SHAPES.length]!(`table${String(seed)}_${String(index)}`));
  return `import type { Pool, PoolClient } from 'pg';
import type { Logger } from '../logger';

interface Row {
  id: string;
  name: string;
  total: string;
}

export class Service${String(seed)} {
  constructor(
    private readonly pool: Pool,
    private readonly logger: Logger,
  ) {}
${methods.join('')}}
`;
}
