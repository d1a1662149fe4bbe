// false-leak: `this.pool.connect();` (line 5 of the code below)
// Found by the execution oracle, seed 6, program 1650.
// No execution bears the report out; the exploration was exhaustive.
import { Pool, type PoolClient } from 'pg';
export class Service {
  private readonly pool: Pool;
  async run() {
    await using db2 = await this.pool.connect();
  }
}
