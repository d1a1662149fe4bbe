/** MariaDB and Redis, where the machine has them (`apt-get install mariadb-server redis-server`), each in a directory of its own. */
import { execFileSync, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort } from '../real-pools/postgres-server.ts';

export interface DebianServer {
  readonly port: number;
  stop(): Promise<void>;
}

/** Whether the machine has the program. */
export function hasProgram(name: string): boolean {
  return (process.env['PATH'] ?? '').split(':').concat('/usr/sbin').some((folder) => existsSync(join(folder, name)));
}

async function serve(program: string, given: readonly string[], port: number, folder: string): Promise<DebianServer> {
  const server: ChildProcess = spawn(program, given, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()));
  for (let attempt = 0; !(await isOpen(port)); attempt++) {
    if (attempt > 200 || server.exitCode !== null) throw new Error(`${program} does not answer on port ${String(port)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    port,
    stop: async () => {
      server.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

/** Starts MariaDB with a user `shop` that needs no password, and a database of that name. Throws where it does not come up. */
export async function startMariadb(): Promise<DebianServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'connection-leaks-mariadb-'));
  const isRoot = process.getuid?.() === 0;
  const user = isRoot ? ['--user=mysql'] : [];
  if (isRoot) execFileSync('chown', ['mysql', folder]);
  const data = join(folder, 'data');
  execFileSync('mariadb-install-db', [...user, `--datadir=${data}`, '--auth-root-authentication-method=normal', '--skip-test-db'], { stdio: 'ignore' });
  const socket = join(folder, 'mariadb.sock');
  const server = await serve('mariadbd', [...user, `--datadir=${data}`, `--port=${String(port)}`, '--bind-address=127.0.0.1', `--socket=${socket}`, `--pid-file=${join(folder, 'pid')}`], port, folder);
  execFileSync('mariadb', [`--socket=${socket}`, '--user=root', '--execute', "CREATE DATABASE shop; CREATE USER shop@'%'; GRANT ALL ON *.* TO shop@'%'"], { stdio: 'ignore' });
  return server;
}

/** Starts Redis without files. Throws where it does not come up. */
export async function startRedis(): Promise<DebianServer> {
  const port = await freePort();
  const folder = mkdtempSync(join(tmpdir(), 'connection-leaks-redis-'));
  return serve('redis-server', ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder], port, folder);
}
