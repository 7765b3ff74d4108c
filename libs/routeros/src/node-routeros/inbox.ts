import { SentenceParser } from '../sentence/sentence.parser.js';
import { ProtocolViolation } from '../sentence/word-length.js';
import type { DriverLimits } from './driver-limits.js';

/** The router closes the connection; `message` is the reason it gave. */
export class RouterFatal extends Error {
  override readonly name = 'RouterFatal';
}

/** Who waits for replies, by tag: what node-routeros keeps in its receiver. */
type Readers = ReadonlyMap<string, { callback(words: string[]): void }>;

const TAG = '.tag=';

/** Bare words, unlike the reason of a trap. */
const reasonIn = (fatal: readonly string[]): string => {
  const words = fatal.slice(1).filter((word) => !word.startsWith(TAG));
  return words.join(' ').slice(0, 1000) || 'no reason given';
};

/** Everything a session receives: bytes in, whole sentences out to whoever asked. Throws when the session cannot go on. */
export class Inbox {
  readonly #parser: SentenceParser;
  readonly #maxStrays: number;
  #strays = 0;

  constructor(limits: DriverLimits) {
    this.#parser = new SentenceParser(limits);
    this.#maxStrays = limits.maxStraySentences;
  }

  receive(chunk: Buffer, readers: Readers): void {
    for (const words of this.#parser.push(chunk)) this.#deliver(words, readers);
  }

  #deliver(words: string[], readers: Readers): void {
    const reply = words[0];
    if (reply === undefined) return this.#countStray();
    if (!reply.startsWith('!')) throw new ProtocolViolation('a sentence does not begin with a reply word');
    const tag = words.find((word) => word.startsWith(TAG));
    if (reply === '!fatal') throw new RouterFatal(reasonIn(words));
    const reader = tag === undefined ? undefined : readers.get(tag.slice(TAG.length));
    if (reader) reader.callback(words);
    else this.#countStray();
  }

  #countStray(): void {
    this.#strays += 1;
    if (this.#strays > this.#maxStrays) throw new ProtocolViolation('the router keeps sending what nobody asked for');
  }
}
