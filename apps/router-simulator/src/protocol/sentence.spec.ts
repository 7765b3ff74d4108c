import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { encodeSentence, encodeWord, MalformedSentence, SentenceReader, type Words } from './sentence.js';

const unlimited = () => ({ words: 1_000_000, bytes: 1_000_000_000 });

const bytesAsText = fc.uint8Array({ minLength: 1, maxLength: 300 }).map((bytes) => Buffer.from(bytes).toString('latin1'));
const sentences = fc.array(fc.array(bytesAsText, { minLength: 1, maxLength: 6 }), { maxLength: 6 });

const inPieces = (bytes: Buffer, cuts: readonly number[]): Buffer[] => {
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return places.slice(1).map((end, index) => bytes.subarray(places[index], end));
};

describe('sentences', () => {
  it('writes a login as the protocol says', () => {
    expect(encodeSentence(['/login', '=name=admin', '=password=']).toString('latin1')).toBe('\x06/login\x0b=name=admin\x0a=password=\0');
  });

  it('reads the same sentences wherever the stream is cut', () => {
    fc.assert(
      fc.property(sentences, fc.array(fc.nat(), { maxLength: 12 }), (said, cuts) => {
        const reader = new SentenceReader(unlimited);
        const bytes = Buffer.concat(said.map(encodeSentence));
        const heard = inPieces(bytes, cuts).flatMap((piece) => reader.push(piece));
        expect(heard).toEqual(said);
      }),
    );
  });

  it('reads byte by byte, words longer than one byte of length too', () => {
    const said: Words = ['/system/script/add', `=source=${'x'.repeat(20_000)}`];
    const reader = new SentenceReader(unlimited);
    const heard = [...encodeSentence(said)].flatMap((byte) => reader.push(Buffer.from([byte])));
    expect(heard).toEqual([said]);
  });

  it('ignores empty sentences', () => {
    const reader = new SentenceReader(unlimited);
    expect(reader.push(Buffer.concat([Buffer.alloc(3), encodeSentence(['/quit']), Buffer.alloc(2)]))).toEqual([['/quit']]);
  });

  it('refuses a reserved control byte', () => {
    expect(() => new SentenceReader(unlimited).push(Buffer.from([0xf8]))).toThrow(MalformedSentence);
  });

  it('refuses a sentence beyond the limits before its bytes have come', () => {
    const few = new SentenceReader(() => ({ words: 2, bytes: 10 }));
    expect(() => few.push(Buffer.from([0xdf, 0xff, 0xff]))).toThrow(MalformedSentence);
    const many = new SentenceReader(() => ({ words: 2, bytes: 10 }));
    expect(() => many.push(Buffer.concat([encodeWord('a'), encodeWord('b'), encodeWord('c')]))).toThrow(MalformedSentence);
  });
});
