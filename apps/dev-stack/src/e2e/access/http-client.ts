import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';

export interface Sent {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  /** A list is sent as so many headers. */
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  /** Says that the body will be so long, and sends none of it. */
  readonly promisedBytes?: number;
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpClient {
  send(baseUrl: string, sent: Sent): Promise<Answer>;
  stop(): void;
}

/** A stream of events never ends: its head is what counts. */
const bodyOf = async (answer: IncomingMessage): Promise<string> => {
  if (answer.headers['content-type']?.startsWith('text/event-stream') !== true) return text(answer);
  answer.destroy();
  return '';
};

/** What differs between any two answers. */
const ofOneAnswer = new Set(['request-id', 'date', 'connection', 'keep-alive']);

const headersOf = ({ headers }: IncomingMessage): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).flatMap(([name, value]) => (ofOneAnswer.has(name) ? [] : [[name, String(value)]])));

/** Many requests over few connections, which stay open. What it sends may be as wrong as a test wants it. */
export const createHttpClient = (connections: number): HttpClient => {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  const send = (baseUrl: string, { method, path, headers = {}, body, promisedBytes }: Sent): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const url = new URL(baseUrl);
      const asked = request({ agent, hostname: url.hostname, port: url.port, method, path });
      for (const [name, value] of Object.entries(headers)) asked.setHeader(name, value);
      if (body !== undefined) asked.setHeader('content-length', Buffer.byteLength(body));
      asked.once('error', reject);
      asked.once('response', (answer) => {
        const whole = bodyOf(answer).then((content) => ({ status: answer.statusCode ?? 0, headers: headersOf(answer), body: content }));
        whole.then(resolve, reject).finally(() => promisedBytes === undefined || asked.destroy());
      });
      if (promisedBytes === undefined) asked.end(body);
      else asked.setHeader('content-length', promisedBytes).flushHeaders();
    });
  return { send, stop: () => agent.destroy() };
};
