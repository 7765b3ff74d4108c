import { connect } from 'node:net';
import { readAnswers, type Answer } from './answer-reader.js';

/** How the client behaves once everything is sent. */
export type Ending =
  /** Waits until it has all its answers, or the server closes. */
  | 'wait'
  /** Says that nothing more will come, and waits. */
  | 'finish'
  /** Is gone at once. */
  | 'reset';

export interface Dialogue {
  readonly port: number;
  readonly segments: readonly Buffer[];
  /** Sent again and again until the server has answered. */
  readonly endlessly?: Buffer | undefined;
  readonly ending: Ending;
  /** How many answers the client waits for; it hangs up then. */
  readonly expected: number;
  readonly isHead: (place: number) => boolean;
  readonly withinMillis: number;
}

export interface Outcome {
  readonly answers: readonly Answer[];
  /** Bytes behind the last whole answer. */
  readonly rest: number;
  readonly how: 'answered' | 'closed by the server' | 'reset by the server' | 'left' | 'nothing happened in time';
}

/** One connection from its first byte to its last. Throws `BadFraming`. */
export const exchange = (dialogue: Dialogue): Promise<Outcome> =>
  new Promise((resolve, reject) => {
    const { port, segments, endlessly, ending, expected, isHead, withinMillis } = dialogue;
    const chunks: Buffer[] = [];
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    socket.setNoDelay();
    let settled = false;
    const settle = (how: Outcome['how'], closed: boolean): void => {
      if (settled) return;
      settled = true;
      clearTimeout(timer);
      socket.destroy();
      try {
        resolve({ ...readAnswers(Buffer.concat(chunks), isHead, closed), how });
      } catch (error) {
        reject(error);
      }
    };
    const timer = setTimeout(() => settle('nothing happened in time', false), withinMillis);
    const sendAgain = (): void => {
      if (endlessly && !settled && chunks.length === 0 && socket.writable) socket.write(endlessly, () => setImmediate(sendAgain));
    };
    const sendNext = (place: number): void => {
      const segment = segments[place];
      if (settled) return;
      if (segment !== undefined) {
        if (socket.writable) socket.write(segment, () => setImmediate(sendNext, place + 1));
        return;
      }
      if (ending === 'reset') {
        socket.resetAndDestroy();
        settle('left', false);
      } else if (ending === 'finish') socket.end();
      else sendAgain();
    };
    socket.on('connect', () => sendNext(0));
    let looking = false;
    // Once a turn: a long answer comes in many pieces.
    const look = (): void => {
      looking = false;
      if (settled) return;
      try {
        const { answers } = readAnswers(Buffer.concat(chunks), isHead, false);
        const final = answers.filter(({ status }) => status >= 200);
        if (final.length >= expected || final.at(-1)?.endless === true) settle('answered', false);
      } catch {
        settle('answered', false); // What is wrong is found again there.
      }
    };
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      if (!looking) setTimeout(look, 1);
      looking = true;
    });
    socket.on('end', () => settle('closed by the server', true));
    socket.on('error', () => settle('reset by the server', false));
    socket.on('close', () => settle('closed by the server', true));
  });
