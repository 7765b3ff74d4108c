import type { FastifyInstance } from 'fastify';
import type { ApiReference } from './api-reference.js';

/** `/openapi.json`, `/docs` and what is below it, open to everybody. */
export function useReferenceRoutes(server: FastifyInstance, reference: ApiReference): void {
  for (const path of reference.paths) {
    server.get(path, { config: { public: true } }, async (request, reply) => {
      const { 'if-none-match': ifNoneMatch, 'accept-encoding': acceptEncoding } = request.headers;
      const answer = await reference.answer(path, { ifNoneMatch, acceptEncoding });
      if (answer === null) throw new Error(`${path} is not part of the reference`);
      return reply.code(answer.status).headers(answer.headers).send(answer.body);
    });
  }
}
