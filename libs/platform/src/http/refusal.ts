import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { endAndLinger, type HttpSocket } from './linger.js';
import { frameworkProblem, problemBody } from './problem.js';
import { requestIdOf } from './request-head.js';

type ParserError = Error & { readonly code?: string };

const statuses: Readonly<Record<string, readonly [status: number, phrase: string]>> = {
  HPE_HEADER_OVERFLOW: [431, 'Request Header Fields Too Large'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'Request Timeout'],
};

/** The answer whose turn it is. */
interface AnsweringSocket extends HttpSocket {
  readonly _httpMessage?: ServerResponse | null;
}

const waiting = new WeakSet<Socket>();

/**
 * Answers what is no request to the parser, in the contract's shape, and closes the connection. Not before the requests that came
 * whole have their own answers: the client would take this one for theirs, and what was done for not done.
 */
export function refuse(error: ParserError, socket: Socket, docUrlBase: string): void {
  const { _httpMessage: underWay, parser } = socket as AnsweringSocket;
  if (underWay?.req.complete === true && socket.writable) {
    // Node complains of a slow request each time that it looks at it.
    if (waiting.has(socket)) return;
    waiting.add(socket);
    underWay.once('close', () => {
      waiting.delete(socket);
      refuse(error, socket, docUrlBase);
    });
    return;
  }
  // Once the head of an answer is out, a second one would be taken for a part of it; and nobody waits for a second one.
  const isAnswered = underWay?.headersSent ?? parser?.incoming?.complete === false;
  if (error.code === 'ECONNRESET' || !socket.writable || isAnswered) {
    socket.destroy();
    return;
  }
  const [status, phrase] = statuses[error.code ?? ''] ?? [400, 'Bad Request'];
  const body = JSON.stringify(problemBody(frameworkProblem(status), docUrlBase));
  const head = [
    `HTTP/1.1 ${status} ${phrase}`,
    'Content-Type: application/json; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Request-Id: ${randomUUID()}`,
    'Connection: close',
  ];
  endAndLinger(socket, `${head.join('\r\n')}\r\n\r\n${body}`);
}

/**
 * What Node would otherwise answer by itself, in no shape, not at all, or in the wrong place: an expectation that nobody can meet, a
 * CONNECT, and a body that waits for its `100 Continue`.
 */
export function refuseWhatNobodyServes(server: Server, docUrlBase: string): void {
  server.on('checkContinue', (request: IncomingMessage, response: ServerResponse) => {
    // Before its turn on the connection, it would come between the head and the body of the final answer.
    const goOn = (): void => {
      if (!response.headersSent) response.writeContinue();
    };
    if (response.socket === null) response.once('socket', goOn);
    else goOn();
    server.emit('request', request, response);
  });
  server.on('checkExpectation', (request: IncomingMessage, response: ServerResponse) => {
    const body = JSON.stringify(problemBody(frameworkProblem(417), docUrlBase));
    const headers = { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(body) };
    response.writeHead(417, { ...headers, 'Request-Id': requestIdOf(request) }).end(body);
  });
  server.on('connect', (_request: IncomingMessage, socket: Socket) => {
    // Node has let go of the connection altogether.
    socket.on('error', () => socket.destroy());
    refuse(new Error('There is no way through here.'), socket, docUrlBase);
  });
}
