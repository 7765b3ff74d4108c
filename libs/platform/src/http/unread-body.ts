import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';

/** Of a body that is refused while it is still coming, no more than this is read. */
const readOnBytes = 8 * 1024 * 1024;

const refusalsOfBodies: readonly number[] = [413, 415];

/**
 * An answer may be out before the body has come: 401, 413, 415. A server that hung up then would take its own answer away from a client
 * that is still sending, so the rest is read and forgotten. What is announced to be too long even for that is told that the connection
 * closes.
 */
export function useUnreadBodies(server: FastifyInstance): void {
  server.addHook('onSend', (request, reply, payload, done) => {
    if (!request.raw.complete) readOn(request, reply);
    done(null, payload);
  });
}

function readOn({ raw: request }: FastifyRequest, reply: FastifyReply): void {
  let left = readOnBytes;
  const announced = Number(request.headers['content-length'] ?? 0);
  if (announced > left) {
    void reply.header('Connection', 'close');
    return;
  }
  // The framework would hang up.
  if (refusalsOfBodies.includes(reply.statusCode)) void reply.removeHeader('Connection');
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
}
