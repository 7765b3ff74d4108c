import { connect, type Socket } from 'node:net';
import type { RunningService } from '../service.js';

export const openSocket = ({ url }: Pick<RunningService, 'url'>): Socket => connect({ host: '127.0.0.1', port: Number(new URL(url).port) });

/** Sends the text and gives back all that comes until the other side closes. */
export async function exchange(service: Pick<RunningService, 'url'>, text: string): Promise<string> {
  const socket = openSocket(service);
  socket.write(text, 'latin1');
  let received = '';
  for await (const chunk of socket) received += String(chunk);
  return received;
}

export interface WireAnswer {
  readonly status: number;
  /** The head in lower case. */
  readonly headers: string;
  readonly body: Record<string, unknown>;
}

/** One answer after the other; each must say how long it is, and be JSON. */
export function answersIn(received: string): readonly WireAnswer[] {
  const answers: WireAnswer[] = [];
  for (let rest = received; rest !== '';) {
    const end = rest.indexOf('\r\n\r\n') + 4;
    const headers = rest.slice(0, end).toLowerCase();
    const length = Number(/content-length: (\d+)/.exec(headers)?.[1]);
    const body = rest.slice(end, end + length);
    if (body.length !== length) throw new Error(`no whole answer: ${rest}`);
    answers.push({ status: Number(headers.split(' ')[1]), headers, body: JSON.parse(body) as Record<string, unknown> });
    rest = rest.slice(end + length);
  }
  return answers;
}
