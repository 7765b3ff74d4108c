import type { Socket } from 'node:net';
import { encodeSentence, type Words } from '../protocol/sentence.js';
import type { Conditions } from '../faults/fault-schema.js';

const manyPieces = 1_000;

const pause = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => {
    if (milliseconds === 0) setImmediate(resolve);
    else setTimeout(resolve, milliseconds);
  });

/** Sends answers in order, as slowly and in as small pieces as the router's conditions say. */
export class SessionOutput {
  private queue: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(
    private readonly socket: Socket,
    private readonly conditions: () => Conditions,
  ) {}

  /** From now on nothing more is sent, not even what is waiting. */
  stop(): void {
    this.stopped = true;
  }

  send(...sentences: readonly Words[]): Promise<void> {
    return this.sendBytes(Buffer.concat(sentences.map(encodeSentence)));
  }

  sendBytes(bytes: Buffer): Promise<void> {
    this.queue = this.queue.then(() => this.deliver(bytes));
    return this.queue;
  }

  private async deliver(bytes: Buffer): Promise<void> {
    const { latencyMillis, jitterMillis, chunkBytes, lastByteDelayMillis } = this.conditions();
    const delay = latencyMillis + Math.random() * jitterMillis;
    if (delay >= 1) await pause(delay);
    const early = lastByteDelayMillis > 0 ? bytes.subarray(0, -1) : bytes;
    const step = chunkBytes > 0 ? chunkBytes : Math.max(1, early.length);
    const gap = early.length / step > manyPieces ? 0 : 1;
    for (let offset = 0; offset < early.length; offset += step) {
      await this.write(early.subarray(offset, offset + step));
      // Without a gap the pieces would meet again on their way.
      if (offset + step < early.length) await pause(gap);
    }
    if (lastByteDelayMillis > 0) {
      await pause(lastByteDelayMillis);
      await this.write(bytes.subarray(-1));
    }
  }

  private async write(bytes: Buffer): Promise<void> {
    if (this.stopped || this.socket.destroyed || !this.socket.writable) return;
    await new Promise<void>((resolve) => {
      // The callback also comes, with an error, when the socket is destroyed.
      this.socket.write(bytes, () => resolve());
    });
  }
}
