import { expect, it } from 'vitest';
import { explainFile } from './explain-file.ts';

const SOURCE = `import { Pool } from 'pg';
const pool = new Pool();
export async function load() {
  const client = await pool.connect();
  await client.query('select 1');
  client.release();
}
export const borrow = () => pool.connect();
`;

it('names every acquisition with its verdict, the reason, and the path of its finding', () => {
  expect(explainFile('load.ts', SOURCE, false)).toBe(`line 4  pool.connect()  leak (pg › Pool › connect(), by value)
  leak: \`client\` from \`pool.connect()\` is not released if \`client.query('…')\` on line 5 throws. Release it in a \`finally\` block (\`client.release()\`).
  path: line 4 acquired by pool.connect(); line 5 client.query('…') throws; leaves with the error

line 8  pool.connect()  safe (returned, pg › Pool › connect(), by value)`);
});

it('shows the states at each point on request', () => {
  const text = explainFile('load.ts', SOURCE, true);
  expect(text).toContain('after pool.connect() on line 4: run over `load`');
  expect(text).toMatch(/exit {5}throw\n {8}held \{client\}/);
});

it('says so when there is nothing to explain', () => {
  expect(explainFile('empty.ts', 'f();', true)).toBe('no acquisition');
});
