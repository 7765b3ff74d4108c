import { isUtf8 } from 'node:buffer';
import { decodeLength, ProtocolViolation } from './word-length.js';

export interface SentenceLimits {
  readonly maxWordBytes: number;
  /** All words of one sentence, each with its overhead (see `costOf`). */
  readonly maxSentenceBytes: number;
}

/** What a word takes in memory beyond its text, roughly: a million one-byte words are not a megabyte. */
const WORD_OVERHEAD = 32;

export const costOf = (words: readonly string[]): number => words.reduce((sum, word) => sum + word.length + WORD_OVERHEAD, WORD_OVERHEAD);

const NOTHING = Buffer.alloc(0);

/** RouterOS stores bytes without a charset: UTF-8 if they are that, else one character a byte, so that nothing is lost. */
const decodeWord = (bytes: Buffer): string => bytes.toString(isUtf8(bytes) ? 'utf8' : 'latin1');

/** Turns a stream of bytes, cut anywhere, into whole sentences. After a `ProtocolViolation` it is of no further use. */
export class SentenceParser {
  readonly #limits: SentenceLimits;
  #heldLength = NOTHING;
  #word: Buffer | null = null;
  #filled = 0;
  #words: string[] = [];
  #cost = 0;

  constructor(limits: SentenceLimits) {
    this.#limits = limits;
  }

  /** The sentences that these bytes complete; an empty sentence comes as an empty array. To be read to its end. */
  *push(chunk: Buffer): Generator<string[]> {
    const bytes = this.#heldLength.length > 0 ? Buffer.concat([this.#heldLength, chunk]) : chunk;
    this.#heldLength = NOTHING;
    let at = 0;
    while (at < bytes.length) {
      if (this.#word) {
        at += this.#fill(this.#word, bytes, at);
        continue;
      }
      const length = decodeLength(bytes, at);
      if (!length) {
        this.#heldLength = Buffer.from(bytes.subarray(at));
        return;
      }
      at += length.size;
      if (length.value === 0) yield this.#takeSentence();
      else this.#begin(length.value);
    }
  }

  /** One allocation of the announced (and admitted) size: bytes that drip in one by one cost no more than a single read. */
  #begin(length: number): void {
    this.#cost += length + WORD_OVERHEAD;
    if (length > this.#limits.maxWordBytes) throw new ProtocolViolation(`a word of ${length} bytes is too long`);
    if (this.#cost > this.#limits.maxSentenceBytes) throw new ProtocolViolation('a sentence is too long');
    this.#word = Buffer.allocUnsafe(length);
    this.#filled = 0;
  }

  #fill(word: Buffer, bytes: Buffer, at: number): number {
    const copied = bytes.copy(word, this.#filled, at);
    this.#filled += copied;
    if (this.#filled === word.length) {
      this.#words.push(decodeWord(word));
      this.#word = null;
    }
    return copied;
  }

  #takeSentence(): string[] {
    const words = this.#words;
    this.#words = [];
    this.#cost = 0;
    return words;
  }
}
