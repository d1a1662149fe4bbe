// missed-double-release: `this.db.abortTransaction(client1);` (line 12 of main.ts)
// Found by the execution oracle, family modules, seed 41, program 930.
// @file db.ts
import { Pool } from 'pg';
export class Database {
  constructor(private readonly pool: Pool) {}
  async getConnection() {
    const fresh = await this.pool.connect();
    return fresh;
  }
  async commitAndRelease(handle) {
    try {
      await handle.query('COMMIT');
    } finally {
      handle.release(true);
    }
  }
  async abortTransaction(handle) {
    await handle.query('ROLLBACK');
  }
}
// @file main.ts
import { Database } from './db';
export class Service {
  constructor(private readonly db: Database) {}
  async run() {
    const client1 = await this.db.getConnection();
    await client1.query('BEGIN');
    try {
      const db2 = await this.db.getConnection();
      db2?.release();
      await this.db.commitAndRelease(client1);
    } catch (error) {
      await this.db.abortTransaction(client1);
    }
  }
}
