import { decodeLength, encodeLength } from './word-length.js';

/**
 * Words are strings of bytes: one character per byte (latin1), so that whatever a client sent comes back unchanged
 * and columns and lengths count bytes, as RouterOS does.
 */
export type Words = readonly string[];

export const encodeWord = (word: string): Buffer => {
  const bytes = Buffer.from(word, 'latin1');
  return Buffer.concat([encodeLength(bytes.length), bytes]);
};

export const encodeSentence = (words: Words): Buffer => Buffer.concat([...words.map(encodeWord), Buffer.from([0])]);

export class MalformedSentence extends Error {
  readonly code = 'malformed_sentence';
}

export interface SentenceLimits {
  readonly words: number;
  readonly bytes: number;
}

/** Collects bytes as they come and gives whole sentences. Empty sentences are ignored, as RouterOS does. */
export class SentenceReader {
  private pending: Buffer[] = [];
  private pendingBytes = 0;
  private words: string[] = [];
  private wordBytes = 0;

  constructor(private readonly limits: () => SentenceLimits) {}

  /** Throws `MalformedSentence` on a reserved control byte and on a sentence beyond the limits. */
  push(chunk: Buffer): Words[] {
    this.pending.push(chunk);
    this.pendingBytes += chunk.length;
    const sentences: Words[] = [];
    let buffer = this.join();
    let offset = 0;
    for (;;) {
      const head = decodeLength(buffer, offset);
      if (head === 'reserved') throw new MalformedSentence('reserved control byte');
      if (head === 'incomplete') break;
      this.checkLimits(head.length);
      const end = offset + head.bytes + head.length;
      if (buffer.length < end) break;
      const word = buffer.toString('latin1', offset + head.bytes, end);
      offset = end;
      if (word !== '') {
        this.words.push(word);
        this.wordBytes += word.length;
      } else if (this.words.length > 0) {
        sentences.push(this.words);
        this.words = [];
        this.wordBytes = 0;
      }
    }
    buffer = buffer.subarray(offset);
    this.pending = [buffer];
    this.pendingBytes = buffer.length;
    return sentences;
  }

  private join(): Buffer {
    return this.pending.length === 1 ? (this.pending[0] ?? Buffer.alloc(0)) : Buffer.concat(this.pending, this.pendingBytes);
  }

  private checkLimits(nextWord: number): void {
    const { words, bytes } = this.limits();
    if (this.words.length + (nextWord > 0 ? 1 : 0) > words || this.wordBytes + nextWord > bytes) {
      throw new MalformedSentence('sentence too long');
    }
  }
}
