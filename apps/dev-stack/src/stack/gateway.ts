import {
  Agent,
  createServer,
  request as ask,
  type ClientRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import { frameworkProblem, problemBody, refuse, requestIdOf, serviceEnvironment } from '@scheduled-scripts/platform';
import { createReference } from './gateway-reference.js';

export interface Gateway {
  readonly url: string;
  stop(): Promise<void>;
}

/** Where to send the next request; `null` while nobody is there. */
export interface Upstreams {
  readonly commandApi: () => string | null;
  readonly queryApi: () => string | null;
}

/** Reads go to query-api, everything else to command-api. Asking for authorization is a GET with an effect: it is a command. */
const isRead = (method: string, path: string): boolean =>
  (method === 'GET' || method === 'HEAD') && path.startsWith('/scripts/scheduled') && !path.endsWith('/authorize');

/** They are about one connection; ours with either side is another. */
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'expect'];

/** Without these, where a body ends would be anybody's guess, and so where the next request begins. */
const framing = ['content-length', 'transfer-encoding', 'host'];

const without = (headers: IncomingHttpHeaders, ...names: readonly string[]): IncomingHttpHeaders => {
  const named = (headers.connection ?? '').split(',').map((name) => name.trim().toLowerCase());
  const dropped = new Set([...ofConnection, ...named.filter((name) => !framing.includes(name)), ...names]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
};

const docUrlBase = serviceEnvironment.shape.DOC_URL_BASE.parse(undefined);

const answerProblem = (status: number, request: IncomingMessage, response: ServerResponse): void => {
  const problem = frameworkProblem(status);
  response
    .writeHead(status, { ...problem.headers, 'Content-Type': 'application/json; charset=utf-8', 'Request-Id': requestIdOf(request) })
    .end(JSON.stringify(problemBody(problem, docUrlBase)));
};

/** No service reads more. It answers and hangs up then; what would still be on its way to it would take that answer away. */
const bodyLimit = 1_024 * 1_024;

/** What no service wants is read all the same: a client that is still sending reads no answer. */
const passBody = (request: IncomingMessage, sent: ClientRequest): void => {
  let wanted = Number(request.headers['content-length'] ?? 0) > bodyLimit ? -1 : bodyLimit;
  if (wanted < 0) sent.flushHeaders();
  request.on('data', (chunk: Buffer) => {
    if (wanted < 0 || sent.destroyed) return;
    wanted -= chunk.length;
    if (sent.write(chunk)) return;
    request.pause();
    sent.once('drain', () => request.resume()).once('close', () => request.resume());
  });
  request.once('end', () => wanted < 0 || sent.end());
};

/** One address for both APIs, as the gateway in front of them would give. Requests and answers go through as they are. */
export const startGateway = async (port: number, { commandApi, queryApi }: Upstreams): Promise<Gateway> => {
  const agent = new Agent({ keepAlive: true });
  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url: path = '/', headers } = request;
    const upstream = isRead(method, path.split('?')[0] ?? '') ? queryApi() : commandApi();
    if (upstream === null) {
      answerProblem(503, request, response);
      return;
    }
    const { hostname, port: to } = new URL(upstream);
    const sent = ask({ agent, hostname, port: to, method, path, headers: without(headers) });
    // Node has kept the first of two. That there were two is for the service to judge.
    const { authorization: given = [] } = request.headersDistinct;
    if (given.length > 1) sent.setHeader('authorization', given);
    sent.once('response', (answer) => {
      // How a body is framed depends on the client: one of HTTP/1.0 knows no chunks.
      response.writeHead(answer.statusCode ?? 503, answer.statusMessage, without(answer.headers, 'transfer-encoding'));
      pipeline(answer, response, () => undefined);
    });
    // Once there is an answer, a service that wants no more of the body may close.
    sent.on('error', () => response.headersSent || answerProblem(503, request, response));
    response.once('close', () => sent.destroy());
    passBody(request, sent);
  };
  const server = createServer();
  const answersReference = createReference();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      if (answersReference(request, response)) return;
      forward(request, response);
    } catch {
      answerProblem(400, request, response); // Node parses what it refuses to send.
    }
  };
  server.on('request', handle);
  // What a client expects beyond `100-continue` is for the services to judge.
  server.on('checkExpectation', handle);
  server.on('clientError', (error, socket) => refuse(error, socket as Socket, docUrlBase));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      agent.destroy();
    });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, stop };
};
