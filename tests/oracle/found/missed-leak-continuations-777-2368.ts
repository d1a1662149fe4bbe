// missed-leak: `pool.connect();` (line 5 of the code below)
// Found by the execution oracle, family continuations, seed 777, program 2368.
import { Pool } from 'pg';
const pool = new Pool();
export function main() {
  void Promise.all([1].map(async (id) => {
    const db1 = await pool.connect();
    await Promise.all([1].map(async (id) => {
      await pool.connect();
    }));
    db1.release();
  }));
}
