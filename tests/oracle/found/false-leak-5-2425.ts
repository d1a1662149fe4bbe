// false-leak: `this.pool.connect();` (line 6 of the code below)
// Found by the execution oracle, seed 5, program 2425.
// No execution bears the report out; the exploration was exhaustive.
import { Pool, type PoolClient } from 'pg';
export class Service {
  pool = new Pool();
  async run() {
    using nothing5 = null;
    const c8 = await this.pool.connect();
    async function cleanup9() {
      c8.release();
    }
  }
}
