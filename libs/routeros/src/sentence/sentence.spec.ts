import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeSentence } from './sentence.encoder.js';
import { SentenceParser, type SentenceLimits } from './sentence.parser.js';
import { encodeLength, ProtocolViolation } from './word-length.js';

const roomy: SentenceLimits = { maxWordBytes: 4 * 1024 * 1024, maxSentenceBytes: 8 * 1024 * 1024 };

const parse = (chunks: readonly Buffer[], limits = roomy): string[][] => {
  const parser = new SentenceParser(limits);
  return chunks.flatMap((chunk) => [...parser.push(chunk)]);
};

const cutAt = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const edges = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((one, other) => one - other), bytes.length];
  return edges.slice(1).map((to, index) => bytes.subarray(edges[index], to));
};

// Lengths around the borders of the first two forms, and text of one to four bytes a character.
const word = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1, maxLength: 20 }),
  fc.constantFrom(0x7f, 0x80, 0x3fff, 0x4000).map((length) => 'x'.repeat(length)),
);
const sentences = fc.array(fc.array(word, { minLength: 1, maxLength: 6 }), { maxLength: 5 });

describe('sentences', () => {
  it('are written as the documentation shows', () => {
    expect(encodeSentence(['/login', '=name=admin']).toString('hex')).toBe('062f6c6f67696e0b3d6e616d653d61646d696e00');
    expect(encodeSentence([])).toEqual(Buffer.from([0]));
  });

  it('are written in UTF-8, counted in bytes', () => {
    expect(encodeSentence(['=ž'])).toEqual(Buffer.from([3, 0x3d, 0xc5, 0xbe, 0]));
  });

  it('cannot hold an empty word, which would end them early', () => {
    expect(() => encodeSentence(['/login', ''])).toThrow(RangeError);
  });

  it('are read as they were written, wherever the stream is cut', () => {
    fc.assert(
      fc.property(sentences, fc.array(fc.nat(), { maxLength: 12 }), (spoken, cuts) => {
        const stream = Buffer.concat(spoken.map(encodeSentence));
        expect(parse(cutAt(stream, cuts))).toEqual(spoken);
      }),
      { numRuns: 200 },
    );
  });

  it('are read byte by byte too', () => {
    fc.assert(
      fc.property(fc.array(fc.array(fc.string({ minLength: 1 }), { minLength: 1 })), (spoken) => {
        const stream = Buffer.concat(spoken.map(encodeSentence));
        expect(parse([...stream].map((byte) => Buffer.from([byte])))).toEqual(spoken);
      }),
    );
  });

  it('are read with words in the three-byte and the four-byte form', () => {
    const spoken = [['!re', 'x'.repeat(0x4000), 'y'.repeat(0x200000)], ['!done']];
    expect(parse([Buffer.concat(spoken.map(encodeSentence))])).toEqual(spoken);
  });

  it('are read with a word in the five-byte form', () => {
    expect(parse([Buffer.from('f00000000321726500', 'hex')])).toEqual([['!re']]);
  });

  it('that are empty come as such', () => {
    expect(parse([Buffer.from([0, 0])])).toEqual([[], []]);
  });

  it('that are not UTF-8 are read byte for byte, so that nothing is lost', () => {
    const cp1257 = Buffer.from([0x3d, 0x63, 0x3d, 0xfe, 0x81, 0x8d]);
    expect(parse([Buffer.concat([encodeLength(cp1257.length), cp1257, Buffer.from([0])])])).toEqual([['=c=\u00fe\u0081\u008d']]);
  });

  it('are given out before the violation that follows them', () => {
    const parser = new SentenceParser(roomy);
    const received: string[][] = [];
    const read = () => {
      for (const sentence of parser.push(Buffer.concat([encodeSentence(['!done']), Buffer.from([0xff])]))) received.push(sentence);
    };
    expect(read).toThrow(ProtocolViolation);
    expect(received).toEqual([['!done']]);
  });

  it.each([
    ['the announced word', encodeLength(101)],
    ['the announced word in the five-byte form', encodeLength(0xffffffff)],
    ['the sum of the words', Buffer.concat(Array.from({ length: 5 }, () => Buffer.concat([encodeLength(100), Buffer.alloc(100)])))],
    ['the number of the words', Buffer.concat(Array.from({ length: 20 }, () => Buffer.from([1, 0x61])))],
  ])('are refused as soon as %s exceeds the limit', (_, bytes) => {
    expect(() => parse([bytes], { maxWordBytes: 100, maxSentenceBytes: 500 })).toThrow(ProtocolViolation);
  });

  it('of one stream are limited one by one, not together', () => {
    const many = Buffer.concat(Array.from({ length: 1000 }, () => encodeSentence(['x'.repeat(100)])));
    expect(parse([many], { maxWordBytes: 100, maxSentenceBytes: 500 })).toHaveLength(1000);
  });
});
