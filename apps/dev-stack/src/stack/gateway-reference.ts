import type { IncomingMessage, ServerResponse } from 'node:http';
import { explainedProblems, openApiDocument } from '@scheduled-scripts/contracts/openapi';
import { ApiReference, requestIdOf } from '@scheduled-scripts/platform';

/** Answers what is asked about both APIs together, `/openapi.json`, `/docs` and what is below it; false: it was something else. */
export const createReference = (): ((request: IncomingMessage, response: ServerResponse) => boolean) => {
  const reference = new ApiReference(openApiDocument('gateway'), explainedProblems());
  const send = async (path: string, request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { 'if-none-match': ifNoneMatch, 'accept-encoding': acceptEncoding } = request.headers;
    const answer = await reference.answer(path, { ifNoneMatch, acceptEncoding });
    if (answer === null) return;
    const length = answer.status === 200 ? { 'Content-Length': answer.body.length } : {};
    response.writeHead(answer.status, {
      ...answer.headers,
      ...length,
      'Request-Id': requestIdOf(request),
      'X-Content-Type-Options': 'nosniff',
    });
    response.end(request.method === 'HEAD' ? undefined : answer.body);
  };
  return (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    if ((request.method !== 'GET' && request.method !== 'HEAD') || !reference.paths.includes(path)) return false;
    send(path, request, response).catch(() => response.destroy());
    return true;
  };
};
