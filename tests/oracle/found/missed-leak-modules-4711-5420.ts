// missed-leak: `openClient()));` (line 3 of main.ts)
// Found by the execution oracle, family modules, seed 4711, program 5420.
// @file db.ts
import { Pool } from 'pg';
const pool = new Pool();
export function openClient() {
  return new Promise((resolve, reject) => {
    pool.connect((err, fresh) => {
      if (err) return reject(err);
      resolve(fresh);
    });
  });
}
// @file main.ts
import { openClient } from './db.js';
export const main = async () => {
  const clients1 = await Promise.all(list(2).map(() => openClient()));
  clients1.forEach((each) => {
    each.release(true);
  });
};
