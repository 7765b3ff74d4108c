import type { Server, ServerOptions } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyHttpOptions, FastifyReply, FastifyRequest } from 'fastify';
import type { ServiceEnvironment } from '../environment/service.environment.js';
import { frameworkProblem } from './problem.js';
import { refuse } from './refusal.js';
import { originForm, requestIdOf } from './request-head.js';
import { RouteTable } from './route-table.js';
import { sendProblem } from './send-problem.js';

/** How much a client may send before there is a request to route, and how long it may take. */
export function connectionBounds(env: ServiceEnvironment): ServerOptions {
  return {
    maxHeaderSize: 16 * 1024,
    keepAliveTimeout: env.KEEP_ALIVE_TIMEOUT_MILLIS,
    requestTimeout: env.REQUEST_TIMEOUT_MILLIS,
    headersTimeout: Math.min(env.HEADERS_TIMEOUT_MILLIS, env.REQUEST_TIMEOUT_MILLIS),
    // Node looks for slow requests this often; its default of 30 s would stretch every timeout by as much.
    connectionsCheckingInterval: 500,
    // It is looked for where there is a shape for the refusal.
    requireHostHeader: false,
  };
}

/** Bounds for whatever a client sends, and the contract's shape for what is refused before there is a request to route. */
export function serverOptions(env: ServiceEnvironment, routes = new RouteTable()): FastifyHttpOptions<Server> {
  return {
    logger: false,
    bodyLimit: 1024 * 1024,
    // The links that approvers get by mail carry a token in the path.
    routerOptions: { maxParamLength: 1024 },
    rewriteUrl: (request) => originForm(request.url ?? '/'),
    requestIdHeader: false,
    genReqId: requestIdOf,
    trustProxy: env.TRUSTED_PROXIES === undefined ? false : env.TRUSTED_PROXIES.split(',').map((network) => network.trim()),
    keepAliveTimeout: env.KEEP_ALIVE_TIMEOUT_MILLIS,
    requestTimeout: env.REQUEST_TIMEOUT_MILLIS,
    http: connectionBounds(env),
    // While stopping we still answer what comes in on open connections, and ask to close them.
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    frameworkErrors: (error: FastifyError, request: FastifyRequest, reply: FastifyReply) => {
      const problem = frameworkProblem(error.statusCode ?? 400);
      // There is no route yet, and no hook has run.
      const errorPage = routes.errorPageOf(request.method, request.raw.url ?? '');
      void reply.header('X-Content-Type-Options', 'nosniff');
      sendProblem(reply, { problem, requestId: request.id, docUrlBase: env.DOC_URL_BASE, errorPage });
    },
    clientErrorHandler: (error: Error & { code?: string }, socket: Socket) => refuse(error, socket, env.DOC_URL_BASE),
  };
}
