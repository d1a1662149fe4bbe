// false-leak: `this.pool.getConnection();` (line 5 of the code below)
// Found by the execution oracle, seed 5, program 2562.
// No execution bears the report out; the exploration was exhaustive.
import { createPool, type Pool, type PoolConnection } from 'mysql2/promise';
export class Service {
  private readonly pool: Pool;
  async run() {
    const conn3 = await this.pool.getConnection();
  }
}
