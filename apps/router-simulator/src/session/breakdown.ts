import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import type { Breakdown } from '../menus/menu-call.js';
import { encodeSentence } from '../protocol/sentence.js';

const kinds = new Set<string>(['reset', 'close', 'silent', 'half-open', 'rubbish', 'flood', 'fatal'] satisfies Breakdown[]);

export const isBreakdown = (kind: string): kind is Breakdown => kinds.has(kind);

const floodBytes = 64_000_000;

/** Rows that nobody asked for, as fast as the other side takes them. */
const flood = async (socket: Socket): Promise<void> => {
  const rows = Buffer.concat(
    Array.from({ length: 500 }, (_, index) => encodeSentence(['!re', '.tag=flood', `=.id=*${index.toString(16)}`])),
  );
  for (let sent = 0; sent < floodBytes && !socket.destroyed; sent += rows.length) {
    await new Promise<void>((resolve) => {
      socket.write(rows, () => resolve());
    });
  }
};

/** The ways in which a connection goes wrong. */
export const breakDown = (socket: Socket, how: Breakdown): void => {
  switch (how) {
    case 'reset':
      if (socket instanceof TLSSocket) socket.destroy();
      else socket.resetAndDestroy();
      return;
    case 'close':
      socket.end();
      return;
    case 'silent':
      // Reads on, so that the other side's writes succeed and its close is seen.
      socket.on('end', () => socket.end());
      return;
    case 'half-open':
      // The peer is gone without a word: nothing is read, nothing sent, its close is never answered.
      socket.pause();
      return;
    case 'rubbish':
      socket.write(Buffer.concat([Buffer.from([0xff, 0xfe]), randomBytes(512)]));
      return;
    case 'flood':
      void flood(socket);
      return;
    case 'fatal':
      socket.end(encodeSentence(['!fatal', 'session terminated']));
  }
};
