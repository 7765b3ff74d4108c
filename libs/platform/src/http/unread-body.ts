import type { IncomingMessage } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';

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
    if (!request.raw.complete) readOn(request.raw, reply);
    done(null, payload);
  });
}

function readOn(request: IncomingMessage, reply: FastifyReply): void {
  if (!readToItsEnd(request)) void reply.header('Connection', 'close');
  // The framework would hang up.
  else if (refusalsOfBodies.includes(reply.statusCode)) void reply.removeHeader('Connection');
}

/** Reads what is still coming and forgets it. False: it is announced to be too long for that, and the answer has to say `Connection: close`. */
export function readToItsEnd(request: IncomingMessage): boolean {
  let left = readOnBytes;
  if (Number(request.headers['content-length'] ?? 0) > left) return false;
  request.on('data', (chunk: Buffer) => {
    left -= chunk.length;
    if (left < 0) request.destroy();
  });
  request.resume();
  return true;
}
