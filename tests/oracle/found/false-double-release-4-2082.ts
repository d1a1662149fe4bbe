// false-double-release: `db7.release();` (line 16 of the code below)
// Found by the execution oracle, seed 4, program 2082.
// No execution bears the report out; the exploration was exhaustive.
import { Pool, type PoolClient } from 'pg';
export async function main(source: Pool) {
  const db7 = await source.connect();
  try {
    {
      const db9 = await source.connect();
      await using guard10 = {
        async [Symbol.asyncDispose]() {
          db9.release();
        },
      };
      (db9).release();
    }
    db7.release();
  } finally {
    db7.release();
  }
}
