// missed-use-after-release: `db.abortTransaction(db8);` (line 13 of main.ts)
// Found by the execution oracle, family modules, seed 41, program 954.
// @file db/clients.ts
import { Pool } from 'pg';
const pool = new Pool();
class Database {
  constructor(private readonly pool: Pool) {}
  async getConnection() {
    return this.pool.connect();
  }
  async commitAndRelease(handle) {
    try {
      await handle.query('COMMIT');
    } finally {
      handle.release();
    }
  }
  async abortTransaction(handle) {
    await handle.query('ROLLBACK');
  }
}
export const db = new Database(pool);
// @file db/index.ts
export { db } from './clients';
// @file main.ts
import { db } from './db';
export class Service {
  static async run() {
    const c1 = await db.getConnection();
    setImmediate(() => {
      c1.release();
    });
    const db8 = await db.getConnection();
    try {
      await db8.query('BEGIN');
      await db.commitAndRelease(db8);
    } catch (error) {
      await db.abortTransaction(db8);
    }
  }
}
