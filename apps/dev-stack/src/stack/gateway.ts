import {
  Agent,
  createServer,
  request as ask,
  type ClientRequest,
  type IncomingMessage,
  type OutgoingHttpHeaders,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { pipeline } from 'node:stream';
import {
  connectionBounds,
  errorsPath,
  frameworkProblem,
  isUnambiguous,
  originForm,
  parseEnvironment,
  problemBody,
  lingerOnUnreadBodies,
  readToItsEnd,
  refuse,
  refuseWhatNobodyServes,
  requestIdOf,
  serviceEnvironment,
  type EnvironmentVariables,
} from '@scheduled-scripts/platform';
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
const ofConnection = ['connection', 'keep-alive', 'proxy-connection', 'upgrade', 'expect', 'te', 'trailer'];

/** Without these, where a body ends would be anybody's guess, and so where the next request begins. */
const framing = ['content-length', 'transfer-encoding', 'host'];

const without = (headers: OutgoingHttpHeaders, ...names: readonly string[]): OutgoingHttpHeaders => {
  const named = String(headers.connection ?? '')
    .split(',')
    .map((name) => name.trim().toLowerCase());
  const dropped = new Set([...ofConnection, ...named.filter((name) => !framing.includes(name)), ...names]);
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !dropped.has(name)));
};

/** With those that are there twice, of which Node would keep the first or make one: services judge what the client has sent. */
const repeatedHeaders = ({ rawHeaders, headersDistinct }: IncomingMessage): OutgoingHttpHeaders => {
  const names = new Set(rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase()));
  return Object.fromEntries(
    [...names].map((name) => {
      const values = headersDistinct[name] ?? [];
      return [name, values.length === 1 ? values[0] : values];
    }),
  );
};

const listen = (server: Server, port: number): Promise<string> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`));
  });

/** No service reads more. It answers and hangs up then; what would still be on its way to it would take that answer away. */
const bodyLimit = 1_024 * 1_024;

/** What no service wants is read all the same: a client that is still sending reads no answer. */
const passBody = (request: IncomingMessage, sent: ClientRequest): void => {
  const { 'content-length': length, 'transfer-encoding': coding } = request.headers;
  let wanted = Number(length ?? 0) > bodyLimit ? -1 : bodyLimit;
  // A service may refuse by the head alone. Without a body Node would have to guess what follows.
  if (length !== undefined || coding !== undefined) sent.flushHeaders();
  request.on('data', (chunk: Buffer) => {
    if (wanted < 0 || sent.destroyed) return;
    wanted -= chunk.length;
    if (!sent.write(chunk)) request.pause();
  });
  sent.on('drain', () => request.resume()).once('close', () => request.resume());
  request.once('end', () => wanted < 0 || sent.end());
};

/** An answer before the whole request: the rest is read, or the client is told that nobody will. */
const closeUnlessRead = (request: IncomingMessage, response: ServerResponse): void => {
  if (!request.complete && !readToItsEnd(request)) response.setHeader('Connection', 'close');
};

/**
 * One address for both APIs, as the gateway in front of them would give. Requests and answers go through as they are; its bounds are a
 * service's, from the same variables.
 */
export const startGateway = async (
  port: number,
  { commandApi, queryApi }: Upstreams,
  variables: EnvironmentVariables = {},
): Promise<Gateway> => {
  const env = parseEnvironment(serviceEnvironment, variables);
  const server = createServer(connectionBounds(env));
  server.maxConnections = env.MAX_CONNECTIONS;
  server.maxHeadersCount = 0;
  // First, because errors lead to where we are. Nothing is read of a connection before what follows here has run.
  const url = await listen(server, port);
  const docUrlBase = variables['DOC_URL_BASE'] || `${url}${errorsPath}`;
  const answerProblem = (status: number, request: IncomingMessage, response: ServerResponse): void => {
    closeUnlessRead(request, response);
    const problem = frameworkProblem(status);
    const body = JSON.stringify(problemBody(problem, docUrlBase));
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
    response.writeHead(status, { ...problem.headers, ...headers, 'Request-Id': requestIdOf(request) }).end(body);
  };
  const agent = new Agent({ keepAlive: true });
  const forward = (request: IncomingMessage, response: ServerResponse): void => {
    const { method = 'GET', url: target = '/' } = request;
    const path = originForm(target);
    const upstream = isRead(method, path.split('?')[0] ?? '') ? queryApi() : commandApi();
    if (upstream === null) {
      answerProblem(503, request, response);
      return;
    }
    const { hostname, port: to } = new URL(upstream);
    const sent = ask({ agent, hostname, port: to, method, path, headers: without(repeatedHeaders(request)) });
    sent.once('response', (answer) => {
      closeUnlessRead(request, response);
      // How a body is framed depends on the client: one of HTTP/1.0 knows no chunks.
      response.writeHead(answer.statusCode ?? 503, answer.statusMessage, without(answer.headers, 'transfer-encoding'));
      pipeline(answer, response, () => undefined);
    });
    // Once there is an answer, a service that wants no more of the body may close.
    sent.on('error', () => response.headersSent || answerProblem(503, request, response));
    response.once('close', () => sent.destroy());
    passBody(request, sent);
  };
  const answersReference = createReference();
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    try {
      if (!isUnambiguous(request)) answerProblem(400, request, response.setHeader('Connection', 'close'));
      else if (!answersReference(request, response)) forward(request, response);
    } catch {
      answerProblem(400, request, response); // Node parses what it refuses to send.
    }
  };
  server.on('request', handle);
  refuseWhatNobodyServes(server, docUrlBase);
  lingerOnUnreadBodies(server);
  server.on('clientError', (error, socket) => refuse(error, socket as Socket, docUrlBase));
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
      agent.destroy();
    });
  return { url, stop };
};
