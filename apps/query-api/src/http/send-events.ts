import type { FastifyReply } from 'fastify';
import type { EventChunk } from '../live/script-events.js';
import type { OpenStream } from '../live/open-streams.js';

export interface SendEventsOptions {
  /** A comment is sent so often where there is nothing else, so that nobody in between takes the connection for dead. */
  readonly heartbeatMillis: number;
  /** How long a client may leave what was written unread. */
  readonly patienceMillis: number;
}

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  // For nginx, which would collect events until they fill a buffer.
  'X-Accel-Buffering': 'no',
  // A stream takes its connection for as long as it lasts.
  Connection: 'close',
};

const heartbeat = ': \n\n';
const pieceBytes = 65_536;
const lastWordMillis = 1_000;

/** Clients that lose their streams together come back one by one. */
const retry = (): string => `retry: ${1_000 + Math.floor(Math.random() * 2_000)}\n\n`;

/** What HEAD gets: all but the events. */
export const sendEventsHead = (reply: FastifyReply): void => {
  reply.hijack();
  reply.raw.writeHead(200, headers).end();
};

/**
 * Sends as much as the client reads, and asks for the next events only then: a connection never holds more than one chunk. Resolves
 * when the stream has ended, for whatever reason.
 */
export const sendEvents = async (
  reply: FastifyReply,
  stream: OpenStream,
  events: AsyncIterator<EventChunk>,
  { heartbeatMillis, patienceMillis }: SendEventsOptions,
): Promise<void> => {
  const { raw } = reply;
  const { signal } = stream;
  reply.hijack();
  raw.once('close', () => stream.end('client'));
  // It may have gone while we looked whether there is such a script.
  if (raw.destroyed) stream.end('client');
  raw.on('error', () => stream.end('client'));

  /** What is read slowly is read all the same: patience is for a piece of it. */
  const write = async (text: readonly Buffer[]): Promise<void> => {
    for (const part of text) {
      for (let from = 0; from < part.length && !signal.aborted; from += pieceBytes) {
        if (!raw.write(part.subarray(from, from + pieceBytes))) await drained();
      }
    }
  };
  const drained = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => stream.end('slow'), patienceMillis);
      const settle = (): void => {
        clearTimeout(timer);
        raw.off('drain', settle);
        signal.removeEventListener('abort', settle);
        resolve();
      };
      raw.once('drain', settle);
      signal.addEventListener('abort', settle);
    });

  // Never in the middle of an event: between its pieces there is a drain to wait for.
  const heart = setInterval(() => raw.writableNeedDrain || raw.write(heartbeat), heartbeatMillis);
  try {
    signal.throwIfAborted();
    raw.writeHead(200, headers);
    raw.write(retry());
    for (let next = await events.next(); next.done !== true && !signal.aborted; next = await events.next()) {
      const { event, count, text } = next.value;
      await write(text);
      stream.count(event, count);
    }
    stream.end('done');
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    clearInterval(heart);
    stream.end('failed');
    await events.return?.();
    // What is not read by now is not waited for.
    if (raw.writableNeedDrain) raw.destroy();
    else raw.end();
    setTimeout(() => raw.destroy(), lastWordMillis).unref();
  }
};
