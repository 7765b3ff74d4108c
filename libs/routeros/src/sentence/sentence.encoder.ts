import { encodeLength } from './word-length.js';

const END = Buffer.from([0]);

/** The bytes of one sentence, its words as UTF-8. An empty word would end the sentence early and is refused. */
export function encodeSentence(words: readonly string[]): Buffer {
  const parts: Buffer[] = [];
  for (const word of words) {
    if (word === '') throw new RangeError('a sentence cannot hold an empty word');
    const bytes = Buffer.from(word, 'utf8');
    parts.push(encodeLength(bytes.length), bytes);
  }
  return Buffer.concat([...parts, END]);
}
