import type { FastifyInstance } from 'fastify';
import { ApiError } from '../api-error.js';
import { parseJsonBody } from './json-body.js';
import { encodedBody, frameworkProblem } from './problem.js';

const isEncoded = (codings = ''): boolean => codings.split(',').some((coding) => !/^\s*(identity)?\s*$/i.test(coding));

/** JSON in UTF-8, not compressed, and nothing else; no body at all is fine under any media type. */
export function useBodyParsers(server: FastifyInstance): void {
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(request.headers['content-type'] ?? '')?.[1];
    if (charset !== undefined && !/^utf-?8$/i.test(charset)) {
      done(new ApiError(frameworkProblem(415)));
      return;
    }
    if (isEncoded(request.headers['content-encoding'])) {
      done(new ApiError(encodedBody));
      return;
    }
    try {
      done(null, parseJsonBody(typeof body === 'string' ? Buffer.from(body) : body));
    } catch (error) {
      done(error instanceof Error ? error : new Error('The body was not parsed.', { cause: error }));
    }
  });
  server.addContentTypeParser('*', (request, _payload, done) => {
    // A browser's form without fields.
    const empty = request.headers['content-length'] === '0' && request.headers['transfer-encoding'] === undefined;
    if (empty) done(null);
    else done(new ApiError(frameworkProblem(415)));
  });
}
