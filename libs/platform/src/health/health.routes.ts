import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Metrics } from '../metrics.js';
import type { Health, HealthReport } from './health.js';

/** `/livez`, `/readyz` and `/metrics`. */
export function useHealthRoutes(server: FastifyInstance, health: Health, metrics: Metrics): void {
  const options = { config: { public: true, probe: true } };
  server.get('/livez', options, (_request, reply) => send(reply, health.live()));
  server.get('/readyz', options, async (_request, reply) => send(reply, await health.ready()));
  server.get('/metrics', options, async (_request, reply) =>
    reply.type('text/plain; version=0.0.4; charset=utf-8').send(await metrics.render()),
  );
}

function send(reply: FastifyReply, { ok, body }: HealthReport): FastifyReply {
  return reply
    .code(ok ? 200 : 503)
    .header('Cache-Control', 'no-store')
    .send(body);
}
