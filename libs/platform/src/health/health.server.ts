import { fastify, type FastifyInstance } from 'fastify';
import type { ServiceEnvironment } from '../environment/service.environment.js';
import { frameworkProblem, problemBody } from '../http/problem.js';
import { serverOptions } from '../http/server-options.js';
import type { Metrics } from '../metrics.js';
import type { Health } from './health.js';
import { useHealthRoutes } from './health.routes.js';

/** Health and metrics on a port of their own, which answers from before the service starts until after it has stopped. */
export function createHealthServer(health: Health, metrics: Metrics, env: ServiceEnvironment): FastifyInstance {
  const server = fastify(serverOptions(env));
  server.addHook('onRequest', (request, reply, done) => {
    void reply.header('Request-Id', request.id);
    done();
  });
  server.setNotFoundHandler((_request, reply) => reply.code(404).send(problemBody(frameworkProblem(404), env.DOC_URL_BASE)));
  server.setErrorHandler((_error, _request, reply) => reply.code(500).send(problemBody(frameworkProblem(500), env.DOC_URL_BASE)));
  useHealthRoutes(server, health, metrics);
  return server;
}
