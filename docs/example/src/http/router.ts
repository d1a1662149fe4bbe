import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';

export interface Request {
  method: string;
  url: URL;
  params: Record<string, string>;
  body: () => Promise<unknown>;
}

export interface Reply {
  json: (status: number, body: unknown) => void;
  lines: (source: AsyncIterable<unknown>) => Promise<void>;
}

export type Handler = (request: Request, reply: Reply) => Promise<void>;

export interface Route {
  method: string;
  path: RegExp;
  handler: Handler;
}

/** `/orders/:id` matches one segment and hands it to the handler as `params.id`. */
export function route(method: string, path: string, handler: Handler): Route {
  const pattern = path.replace(/:(\w+)/g, '(?<$1>[^/]+)');
  return { method, path: new RegExp(`^${pattern}$`), handler };
}

function createReply(response: ServerResponse): Reply {
  return {
    json(status, body) {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    },
    async lines(source) {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      for await (const item of source) {
        if (response.destroyed) break;
        response.write(`${JSON.stringify(item)}\n`);
      }
      response.end();
    },
  };
}

export function createHttpServer(routes: Route[]): Server {
  return createServer((request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? '/', 'http://localhost');
    const reply = createReply(response);
    const found = routes.find((candidate) => candidate.method === request.method && candidate.path.test(url.pathname));
    if (!found) {
      reply.json(404, { error: 'not found' });
      return;
    }
    const params = found.path.exec(url.pathname)?.groups ?? {};
    found.handler({ method: found.method, url, params, body: () => json(request) }, reply).catch((error: unknown) => {
      console.error(`${found.method} ${url.pathname} failed`, error);
      if (response.headersSent) response.destroy();
      else reply.json(500, { error: 'internal error' });
    });
  });
}
