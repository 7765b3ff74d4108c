import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

export type Reply = (request: Received, response: ServerResponse) => void;

export interface ScriptedServer {
  readonly url: string;
  readonly received: readonly Received[];
  stop(): Promise<void>;
}

/** Answers with these replies, one after the other; the last one for ever. */
export const serve = async (...replies: readonly [Reply, ...Reply[]]): Promise<ScriptedServer> => {
  const received: Received[] = [];
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = '', url = '', headers } = request;
    const one = { method, url, headers, body: await text(request) };
    received.push(one);
    (replies[Math.min(received.length, replies.length) - 1] ?? replies[0])(one, response);
  };
  const server = createServer((request, response) => void answer(request, response)).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    received,
    stop: async () => {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
};

export const json =
  (status: number, body: unknown, headers: Readonly<Record<string, string>> = {}): Reply =>
  (_request, response) =>
    void response.writeHead(status, { 'Content-Type': 'application/json', 'Request-Id': 'r-1', ...headers }).end(JSON.stringify(body));

export const busy = (seconds = '0'): Reply =>
  json(503, { type: 'api_error', code: 'dependency_unavailable', message: 'Later.' }, { 'Retry-After': seconds });
