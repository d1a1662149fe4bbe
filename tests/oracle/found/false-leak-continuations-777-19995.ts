// false-leak: `pool.connect().then((client11) => {` (line 10 of the code below)
// Found by the execution oracle, family continuations, seed 777, program 19995.
import { Pool } from 'pg';
const pool = new Pool();
const use12 = (handle) => {
  handle.query('q13');
}
export async function main() {
  const pending2 = pool.connect();
  let c1;
  c1 = await Promise.race([pending2]);
  pool.connect().then((client11) => {
    use12(c1);
    return client11.query('q14').finally(client11.release);
  });
}
