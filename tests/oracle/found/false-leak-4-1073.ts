// false-leak: `pool.getConnection();` (line 8 of the code below)
// Found by the execution oracle, seed 4, program 1073.
// No execution bears the report out; the exploration was exhaustive.
import { createPool } from 'mysql2/promise';
const pool = createPool({});
export async function main() {
  using guard2 = {
    [Symbol.dispose]() {
    },
  };
  const c5 = await pool.getConnection();
  function cleanup6() {
    c5.release();
  }
}
