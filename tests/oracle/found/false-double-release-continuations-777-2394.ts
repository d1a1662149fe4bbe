// false-double-release: `client16.release();` (line 17 of the code below)
// Found by the execution oracle, family continuations, seed 777, program 2394.
import { Pool } from 'pg';
const pool = new Pool();
export async function main() {
  const pending15 = pool.connect();
  await Promise.all([1].map(async (id) => {
    const db17 = await pool.connect();
    try {
      db17.release();
    } finally {
      db17.release();
    }
  }));
  const client16 = await pending15;
  try {
    client16.release(true);
  } finally {
    client16.release();
  }
}
