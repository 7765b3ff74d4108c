import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError } from '../api-error.js';
import { runInContext } from '../context/request-context.js';
import { continueTrace } from '../context/traceparent.js';
import type { Logger } from '../logger.js';
import type { Metrics } from '../metrics.js';
import type { ErrorPageOf } from './error-page.decorator.js';
import { frameworkProblem, methodNotAllowed } from './problem.js';
import { callerOf, type RateLimiter } from './rate-limit.js';
import { isUnambiguous } from './request-head.js';
import type { RouteTable } from './route-table.js';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Open to everybody: no token is asked for. */
    public?: boolean;
    /** For probes: neither limited nor logged. */
    probe?: boolean;
    /** `false`: no HEAD beside this GET. */
    head?: boolean;
    /** People look at what this route answers: errors too are a page. */
    errorPage?: ErrorPageOf;
  }
}

export interface RequestHooksOptions {
  readonly logger: Logger;
  readonly metrics: Metrics;
  readonly routes: RouteTable;
  readonly limiter: RateLimiter | undefined;
  readonly stopping: AbortSignal;
}

const methods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']);

const isEmpty = (params: unknown): boolean => Object.keys(params as object).length === 0;

/** What surrounds every request: its ids and context, the limit of its caller, its line in the log, its place in the metrics. */
export function useRequestHooks(server: FastifyInstance, { logger, metrics, routes, limiter, stopping }: RequestHooksOptions): void {
  const duration = metrics.histogram({
    name: 'scheduled_scripts_http_request_duration_seconds',
    help: 'How long requests took, by route template',
    labelNames: ['route', 'method', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10],
  });

  server.addHook('onRoute', (route) => {
    const hidden = route.method === 'HEAD' && route.config?.head === false;
    if (!hidden) routes.add(route.method, route.url, route.config?.errorPage);
  });

  server.addHook('onRequest', (request, reply, done) => {
    // On the raw answer, so that streams that bypass Fastify's carry them too.
    reply.raw.setHeader('Request-Id', request.id);
    reply.raw.setHeader('X-Content-Type-Options', 'nosniff');
    if (stopping.aborted) reply.raw.setHeader('Connection', 'close');
    const { traceparent } = request.headers;
    const context = {
      requestId: request.id,
      correlationId: request.id,
      causationId: request.id,
      traceparent: continueTrace(typeof traceparent === 'string' ? traceparent : undefined),
    };
    runInContext(context, () => done(refusalOf(request, reply, routes)));
  });

  server.addHook('preParsing', (request, _reply, _payload, done) => {
    try {
      if (request.routeOptions.config.probe !== true) limiter?.take(callerOf(request));
      done();
    } catch (error) {
      done(error instanceof Error ? error : new Error('The limit was not taken.', { cause: error }));
    }
  });

  server.addHook('onSend', (_request, reply, payload, done) => {
    if (stopping.aborted) void reply.header('Connection', 'close');
    done(null, payload);
  });

  /** `isWhole`: the answer was sent to its end. */
  const note = (request: FastifyRequest, reply: FastifyReply, isWhole: boolean): void => {
    const route = request.is404 ? 'unknown' : (request.routeOptions.url ?? 'unknown');
    const method = methods.has(request.method) ? request.method : 'other';
    const { elapsedTime } = reply;
    // Before the head is out it is what the answer would have been.
    const status = reply.raw.headersSent ? reply.statusCode : null;
    if (status !== null) duration.observe({ route, method, status: `${Math.floor(status / 100)}xx` }, elapsedTime / 1000);
    if (request.routeOptions.config.probe !== true) {
      // Never the path itself: it may hold the token of an approval link, which as a parameter is redacted by its name.
      const params = request.is404 || isEmpty(request.params) ? undefined : request.params;
      const cut = isWhole ? undefined : true;
      const millis = Math.round(elapsedTime);
      logger.info({ requestId: request.id, method, route, params, status, cut, millis }, 'request');
    }
  };

  server.addHook('onResponse', (request, reply, done) => {
    if (reply.raw.writableFinished) note(request, reply, true);
    done();
  });

  // Of answers whose connection ended first, which is how most streams end, Fastify says nothing.
  server.addHook('onRequest', (request, reply, done) => {
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) note(request, reply, false);
    });
    done();
  });
}

function refusalOf(request: FastifyRequest, reply: FastifyReply, routes: RouteTable): ApiError | undefined {
  if (!isUnambiguous(request.raw)) {
    // What comes next may be of somebody else's making.
    reply.raw.setHeader('Connection', 'close');
    return new ApiError(frameworkProblem(400));
  }
  const hidden = request.method === 'HEAD' && request.routeOptions.config.head === false;
  return hidden ? new ApiError(methodNotAllowed(routes.methodsOf(request.url))) : undefined;
}
