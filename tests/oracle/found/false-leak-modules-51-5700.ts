// false-leak: `this.getClient();` (line 4 of main.ts)
// Found by the execution oracle, family modules, seed 51, program 5700.
// No execution bears the report out; the exploration was exhaustive.
// @file db.ts
import { Pool } from 'pg';
export abstract class Repository {
  constructor(protected readonly pool: Pool) {}
  getClient() {
    return new Promise((resolve) => {
      this.pool.connect((err, fresh) => {
        resolve(fresh);
      });
    });
  }
}
// @file main.ts
import { Repository } from './db';
export class Service extends Repository {
  async run() {
    const c1 = await this.getClient();
    let client3;
    client3 = await this.getClient();
    c1.release();
  }
}
