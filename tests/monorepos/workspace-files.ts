/** A workspace of three packages, each judged by what the ones below it do: `api` imports `orders`, which imports `db`. */

/** Gives back what it is given. */
export const RELEASES = `import type { PoolClient } from 'pg';

export function giveBack(client: PoolClient): void {
  client.release();
}
`;

/** Looks like it, and does not. */
export const KEEPS = RELEASES.replace('client.release();', 'console.log(client.processID);');

const manifest = (name: string, dependencies: readonly string[]): string =>
  JSON.stringify({
    name, version: '1.0.0', private: true, type: 'module', exports: './src/index.ts', scripts: { lint: 'eslint .' },
    dependencies: Object.fromEntries(dependencies.map((dependency) => [dependency, '1.0.0'])),
  });

/** The files, by their path below the root. */
export const WORKSPACE_FILES: Readonly<Record<string, string>> = {
  'package.json': JSON.stringify({ name: 'workspace', private: true, type: 'module', packageManager: 'npm@11.0.0', workspaces: ['packages/*'] }),
  '.gitignore': 'node_modules\n.turbo\n.nx\n',
  'eslint.config.mjs': `import connectionLeaks from 'eslint-plugin-connection-leaks';
import * as parser from '@typescript-eslint/parser';

export default [
  { files: ['**/*.ts'], languageOptions: { parser } },
  connectionLeaks.configs.recommended,
];
`,
  'packages/db/package.json': manifest('@acme/db', []),
  'packages/db/src/index.ts': `export { giveBack } from './give-back.js';
export { pool } from './pool.js';
export { takeClient } from './take-client.js';
`,
  'packages/db/src/pool.ts': `import { Pool } from 'pg';

export const pool = new Pool();
`,
  'packages/db/src/give-back.ts': RELEASES,
  'packages/db/src/take-client.ts': `import { pool } from './pool.js';

export async function takeClient() {
  const client = await pool.connect();
  await client.query('SET statement_timeout = 1000');
  return client;
}
`,
  'packages/orders/package.json': manifest('@acme/orders', ['@acme/db']),
  'packages/orders/src/index.ts': `export { countOrders } from './count-orders.js';
export { openOrders } from './open-orders.js';
`,
  // Silent as long as `giveBack` releases.
  'packages/orders/src/count-orders.ts': `import { giveBack, pool } from '@acme/db';

export async function countOrders(): Promise<number> {
  const client = await pool.connect();
  try {
    const { rows } = await client.query('select count(*) as count from orders');
    return rows[0].count;
  } finally {
    giveBack(client);
  }
}
`,
  // A connection of another package that no path gives back when the query fails.
  'packages/orders/src/open-orders.ts': `import { giveBack, takeClient } from '@acme/db';

export async function openOrders(): Promise<unknown[]> {
  const client = await takeClient();
  const { rows } = await client.query('select * from orders');
  giveBack(client);
  return rows;
}

export async function takeOrdersClient() {
  const client = await takeClient();
  return client;
}
`,
  'packages/api/package.json': manifest('@acme/api', ['@acme/db', '@acme/orders']),
  'packages/api/src/index.ts': `import { giveBack, pool } from '@acme/db';
import { countOrders } from '@acme/orders';

export async function summary(): Promise<string> {
  const client = await pool.connect();
  try {
    await client.query('select 1');
    return String(await countOrders());
  } finally {
    giveBack(client);
  }
}
`,
};

/** The two files that leak, mended: with them the workspace has no findings. */
export const MENDED_FILES: Readonly<Record<string, string>> = {
  'packages/db/src/take-client.ts': `import { pool } from './pool.js';

export const takeClient = () => pool.connect();
`,
  'packages/orders/src/open-orders.ts': `import { giveBack, takeClient } from '@acme/db';

export async function openOrders(): Promise<unknown[]> {
  const client = await takeClient();
  try {
    return (await client.query('select * from orders')).rows;
  } finally {
    giveBack(client);
  }
}

export async function takeOrdersClient() {
  return takeClient();
}
`,
};

/** The packages, a dependency before what depends on it. */
export const PACKAGES = ['db', 'orders', 'api'] as const;
