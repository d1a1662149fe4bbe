/** A server that speaks MySQL in this process and answers each query with nothing: mysql2 brings one. */
import type { AddressInfo, Server } from 'node:net';
import mysql from 'mysql2';

export interface MysqlServer {
  readonly port: number;
  close(): Promise<void>;
}

/** What the types of mysql2 do not say of its own server. */
interface ServerConnection {
  sequenceId: number;
  serverHandshake(options: object): void;
  writeOk(result: object): void;
  writeError(error: { readonly code: number; readonly message: string }): void;
  on(event: string, listener: (...given: readonly unknown[]) => void): void;
}

/** What PostgreSQL, too, answers with an error. */
export const FAILING = 'select 1/0';

/** Starts a server on a free port. */
export async function startMysqlServer(): Promise<MysqlServer> {
  const server = (mysql as unknown as { createServer(): { on(event: string, listener: (connection: ServerConnection) => void): void; listen(port: number): void; close(done: () => void): void; _server: Server } }).createServer();
  server.on('connection', (connection) => {
    // The server counts packets on and on, where each command begins anew.
    const answer = (write: () => void): void => {
      connection.sequenceId = 1;
      write();
      connection.sequenceId = 0;
    };
    connection.serverHandshake({
      protocolVersion: 10, serverVersion: '8.0.0', connectionId: 1, statusFlags: 2, characterSet: 8, capabilityFlags: 0xff_ff_ff ^ 0x20 ^ 0x800,
      authCallback: (_given: unknown, done: (error: null) => void) => {
        done(null);
        connection.sequenceId = 0;
      },
    });
    connection.on('query', (text) => answer(() => (text === FAILING ? connection.writeError({ code: 1064, message: 'this query fails' }) : connection.writeOk({ affectedRows: 0 }))));
    connection.on('ping', () => answer(() => connection.writeOk({ affectedRows: 0 })));
    // A client that goes away.
    connection.on('error', () => undefined);
  });
  await new Promise<void>((resolve) => {
    server._server.once('listening', resolve);
    server.listen(0);
  });
  const { port } = server._server.address() as AddressInfo;
  return { port, close: () => new Promise((resolve) => server.close(resolve)) };
}
