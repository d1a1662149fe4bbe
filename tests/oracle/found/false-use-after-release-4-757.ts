// false-use-after-release: `useAsync12(db4);` (line 16 of the code below)
// Found by the execution oracle, seed 4, program 757.
// No execution bears the report out; the exploration was exhaustive.
import { Pool, type PoolClient } from 'pg';
const pool = new Pool();
async function useAsync12(handle: any) {
  await handle.query('q13');
}
export const main = async () => {
  const db4 = await pool.connect();
  const client5 = cond(6) ? await pool.connect() : await pool.connect();
  try {
    await client5.query('q7');
    client5.release();
  } finally {
    (client5).release();
  }
  db4.release();
  await useAsync12(db4);
};
