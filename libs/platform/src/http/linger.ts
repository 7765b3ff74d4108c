import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** For how long a client may go on sending what nobody reads any more. */
const lingerMillis = 1_000;

/** What Node keeps with a connection: the request that is being read. */
export interface HttpSocket extends Socket {
  readonly parser?: { readonly incoming?: IncomingMessage | null } | null;
}

/**
 * Ends our side, with these last words if any, but reads on for a moment: a connection that is closed on what was sent and not read takes
 * the answer away from a client that has not read it yet.
 */
export function endAndLinger(socket: Socket, words?: string): void {
  // Nothing that still comes is for the parser.
  socket.removeAllListeners('data');
  socket.on('data', () => undefined).resume();
  socket.once('end', () => socket.destroy());
  const linger = setTimeout(() => socket.destroy(), lingerMillis);
  socket.once('close', () => clearTimeout(linger));
  if (words === undefined) socket.end();
  else socket.end(words);
}

/** After a last answer Node lets go of the connection, also while the body is still coming. Here it lingers then. */
export function lingerOnUnreadBodies(server: Server): void {
  server.on('connection', (socket: HttpSocket) => {
    const destroySoon = socket.destroySoon.bind(socket);
    socket.destroySoon = () => {
      if (socket.parser?.incoming?.complete === false) endAndLinger(socket);
      else destroySoon();
    };
  });
}
