import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceEnvironment } from '../environment/service.environment.js';
import { frameworkProblem, problemBody } from './problem.js';

const wellFormed = /^[\w.:-]{1,128}$/;

/** The caller's own `Request-Id` when it is well-formed, else a new one. */
export function requestIdOf(request: IncomingMessage): string {
  const received = request.headers['request-id'];
  return typeof received === 'string' && wellFormed.test(received) ? received : randomUUID();
}

/** Bounds for whatever a client sends, and the contract's shape for what is refused before there is a request to route. */
export function serverOptions(env: ServiceEnvironment): FastifyHttpOptions<Server> {
  return {
    logger: false,
    bodyLimit: 1024 * 1024,
    // The links that approvers get by mail carry a token in the path.
    routerOptions: { maxParamLength: 1024 },
    requestIdHeader: false,
    genReqId: requestIdOf,
    trustProxy: env.TRUSTED_PROXIES === undefined ? false : env.TRUSTED_PROXIES.split(',').map((network) => network.trim()),
    keepAliveTimeout: env.KEEP_ALIVE_TIMEOUT_MILLIS,
    requestTimeout: env.REQUEST_TIMEOUT_MILLIS,
    http: {
      maxHeaderSize: 16 * 1024,
      headersTimeout: Math.min(env.HEADERS_TIMEOUT_MILLIS, env.REQUEST_TIMEOUT_MILLIS),
      // Node looks for slow requests this often; its default of 30 s would stretch every timeout by as much.
      connectionsCheckingInterval: 500,
    },
    // While stopping we still answer what comes in on open connections, and ask to close them.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const problem = frameworkProblem(error.statusCode ?? 400);
      void reply.code(problem.status).header('Request-Id', request.id).send(problemBody(problem, env.DOC_URL_BASE));
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket) => refuse(error, socket, env.DOC_URL_BASE),
  };
}

const statuses: Readonly<Record<string, readonly [number, string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** Answers what is no request to the parser, in the contract's shape, and closes the connection. */
export function refuse(error: Error & { code?: string }, socket: Socket, docUrlBase: string): void {
  // Node keeps the answer under way here. Once its head is out, a second one would be taken for a part of it.
  const { _httpMessage: underWay } = socket as Socket & { _httpMessage?: { readonly headersSent: boolean } | null };
  if (error.code === 'ECONNRESET' || !socket.writable || underWay?.headersSent === true) {
    socket.destroy();
    return;
  }
  const [status, phrase] = statuses[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify(problemBody(frameworkProblem(status), docUrlBase));
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Request-Id: ${randomUUID()}`,
    'Connection: close',
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`, () => socket.destroy());
}
