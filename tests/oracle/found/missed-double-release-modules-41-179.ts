// missed-double-release: `db.closeClient(same7);` (line 9 of main.ts)
// Found by the execution oracle, family modules, seed 41, program 179.
// @file db/clients.ts
import { createPool } from 'mysql2/promise';
const pool = createPool({});
export const db = {
  async getConnection() {
    return pool.getConnection();
  },
  closeClient(handle) {
    handle.release();
  },
};
// @file db/index.ts
export { db } from './clients';
// @file main.ts
import { db } from './db';
export async function main() {
  const connection6 = await db.getConnection();
  const { it: same7 } = { it: connection6 };
  try {
    await connection6.execute('q8');
    connection6?.release();
  } finally {
    db.closeClient(same7);
  }
}
