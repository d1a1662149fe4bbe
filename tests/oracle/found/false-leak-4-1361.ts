// false-leak: `localPool.connect();` (line 10 of the code below)
// Found by the execution oracle, seed 4, program 1361.
// No execution bears the report out; the exploration was exhaustive.
import { Pool, type PoolClient } from 'pg';
export async function main() {
  const localPool = new Pool();
  const db1 = await localPool.connect();
  try {
    db1.release();
  } finally {
    (db1).release();
  }
  const db7 = await localPool.connect();
}
