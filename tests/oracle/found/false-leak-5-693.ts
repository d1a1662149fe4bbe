// false-leak: `pool.getConnection();` (line 8 of the code below)
// Found by the execution oracle, seed 5, program 693.
// No execution bears the report out; the exploration was exhaustive.
import { createPool } from 'mysql2/promise';
const pool = createPool({});
export const main = async () => {
  const conn4 = await pool.getConnection();
  try {
    return new Session(conn4);
  } catch (error) {
    const connection7 = await pool.getConnection();
  }
};
