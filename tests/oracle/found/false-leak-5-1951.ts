// false-leak: `openAsync8();` (line 13 of the code below)
// Found by the execution oracle, seed 5, program 1951.
// No execution bears the report out; the exploration was exhaustive.
import { createPool } from 'mysql2/promise';
const pool = createPool({});
async function openAsync8() {
  const fresh = await pool.getConnection();
  return fresh;
}
export async function main() {
  const conn4 = await pool.getConnection();
  const { it: same5 } = { it: conn4 };
  try {
    same5.release();
  } catch (error) {
    const c9 = await openAsync8();
  }
}
