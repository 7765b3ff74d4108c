import type { Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import { SentenceParser } from '../sentence/sentence.parser.js';

/** The client left while the script waited for it: the ordinary end of a script. */
export class ClientGone extends Error {
  override readonly name = 'ClientGone';
}

/** One sentence of the client. */
export interface Asked {
  readonly path: string;
  /** Without path and tag. */
  readonly words: readonly string[];
  readonly tag: string | null;
}

const LIMITS = { maxWordBytes: 64 * 1024 * 1024, maxSentenceBytes: 64 * 1024 * 1024 };

const askedIn = ([path = '', ...words]: readonly string[]): Asked => {
  const tag = words.find((word) => word.startsWith('.tag='));
  return { path, words: words.filter((word) => word !== tag), tag: tag?.slice('.tag='.length) ?? null };
};

/** The sentence that answers `asked`: its tag comes right behind the reply word, as from a router. */
export const reply = (asked: Asked, word: string, ...attributes: string[]): Buffer =>
  encodeSentence(asked.tag === null ? [word, ...attributes] : [word, `.tag=${asked.tag}`, ...attributes]);

/** The router's end of one connection, moved by a script. It answers nothing and ends nothing by itself, except after a FIN. */
export class ScriptedConnection {
  readonly #socket: Socket;
  readonly #wire: Socket;
  readonly #parser = new SentenceParser(LIMITS);
  readonly #asked: Asked[] = [];
  readonly #gone: Promise<void>;
  #wake: () => void = () => {};
  #isGone = false;
  #halfOpen = false;
  #understands = true;

  /** `wire`: the TCP socket below `socket`; without TLS the same one. */
  constructor(socket: Socket, wire: Socket, onAsked: (asked: Asked) => void) {
    this.#socket = socket;
    this.#wire = wire;
    socket.setNoDelay(true);
    socket.on('error', () => {});
    socket.on('data', (bytes: Buffer) => {
      if (this.#understands) this.#read(bytes, onAsked);
    });
    this.#gone = new Promise((resolve) => {
      const leave = () => {
        this.#isGone = true;
        if (!this.#halfOpen) socket.end();
        resolve();
        this.#wake();
      };
      socket.once('end', leave);
      socket.once('close', leave);
    });
  }

  #read(bytes: Buffer, onAsked: (asked: Asked) => void): void {
    try {
      for (const words of this.#parser.push(bytes)) {
        const asked = askedIn(words);
        this.#asked.push(asked);
        onAsked(asked);
      }
    } catch {
      // A client that speaks something else, TLS for example: what it says is not heard from here on.
      this.#understands = false;
    }
    this.#wake();
  }

  /** The client's next sentence. Rejects with `ClientGone`. */
  async next(): Promise<Asked> {
    const asked = this.#asked.shift();
    if (asked) return asked;
    if (this.#isGone) throw new ClientGone();
    await new Promise<void>((resolve) => (this.#wake = resolve));
    return this.next();
  }

  /** Accepts the login that comes next, whatever the password. */
  async letIn(): Promise<void> {
    await this.send(reply(await this.next(), '!done'));
  }

  /** Answers the client's next sentence with these, and returns it. */
  async answer(...sentences: (readonly [string, ...string[]])[]): Promise<Asked> {
    const asked = await this.next();
    await this.send(Buffer.concat(sentences.map(([word, ...attributes]) => reply(asked, word, ...attributes))));
    return asked;
  }

  /** Resolves when the bytes have left. */
  async send(bytes: Buffer): Promise<void> {
    await new Promise<void>((resolve) => this.#socket.write(bytes, () => resolve()));
  }

  /** The same bytes cut at these offsets, every piece in a segment of its own. */
  async sendCut(bytes: Buffer, cuts: readonly number[]): Promise<void> {
    const edges = [0, ...cuts, bytes.length];
    for (const [index, from] of edges.slice(0, -1).entries()) {
      await this.send(bytes.subarray(from, edges[index + 1]));
      await setImmediate();
    }
  }

  async sendByteByByte(bytes: Buffer): Promise<void> {
    await this.sendCut(
      bytes,
      Array.from({ length: bytes.length - 1 }, (_, index) => index + 1),
    );
  }

  /** The same bytes again and again, as fast as the client takes them, until it leaves. */
  async flood(bytes: Buffer): Promise<void> {
    while (!this.#isGone && !this.#socket.destroyed) {
      await Promise.race([this.send(bytes), this.#gone]);
      await setImmediate();
    }
  }

  /** FIN. */
  hangUp(): void {
    this.#socket.end();
  }

  /** RST. */
  reset(): void {
    this.#wire.resetAndDestroy();
  }

  /** From now on the client's FIN is not answered with ours. */
  stayHalfOpen(): void {
    this.#halfOpen = true;
  }

  /** Resolves with the client's FIN or RST. */
  untilGone(): Promise<void> {
    return this.#gone;
  }
}
