import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { parseJsonBody } from './json-body.js';

const parse = (text: string): unknown => parseJsonBody(Buffer.from(text));

const nested = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth);

const keyed = (count: number): string => `[${Array.from({ length: count }, (_, n) => `{"k${n}":1}`).join(',')}]`;

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

/** Objects whose keys are what scanners trip over: quotes, backslashes, braces, commas, colons. */
const trickyText = fc.string({ unit: fc.constantFrom('"', '\\', '{', '}', '[', ']', ',', ':', 'a', 'é', '\u2028', '\n', ' ') });
const { document } = fc.letrec((tie) => ({
  document: fc.oneof({ maxDepth: 5 }, trickyText, fc.double({ noNaN: true }), fc.boolean(), fc.constant(null), tie('list'), tie('object')),
  list: fc.array(tie('document'), { maxLength: 4 }),
  object: fc.dictionary(trickyText, tie('document'), { maxKeys: 4, noNullPrototype: true }),
}));

describe('a body', () => {
  it('is what JSON.parse makes of it, when no key is twice in an object', () => {
    fc.assert(
      fc.property(document, fc.constantFrom(0, 2), (value, indent) => {
        const text = JSON.stringify(value, null, indent);
        expect(parse(text)).toEqual(JSON.parse(text));
      }),
    );
  });

  it('is malformed whenever JSON.parse says so', () => {
    fc.assert(
      fc.property(document, fc.nat(), fc.constantFrom('"', '{', ',', '\\', 'x'), (value, place, inserted) => {
        const text = JSON.stringify(value);
        const at = place % (text.length + 1);
        const broken = text.slice(0, at) + inserted + text.slice(at);
        fc.pre(!isJson(broken));
        expect(() => parse(broken)).toThrow('usable JSON');
      }),
    );
  });

  it('may not have a key twice, wherever it is', () => {
    fc.assert(
      fc.property(trickyText, document, document, (key, first, second) => {
        const [quoted, a, b] = [key, first, second].map((value) => JSON.stringify(value));
        expect(() => parse(`{"x":[1,{${quoted}:${a},"other":{},${quoted}:${b}}]}`)).toThrow('twice');
      }),
    );
  });

  it('may have a key again in another object, and as text', () => {
    const text = '{"a":{"a":["a","a",{"a":"a"}]},"b":"__proto__","c":["constructor"]}';
    expect(parse(text)).toEqual(JSON.parse(text));
  });

  it('may have 1 000 keys', () => {
    expect(parse(keyed(1_000))).toHaveLength(1_000);
    expect(() => parse(keyed(1_001))).toThrow('too many keys');
  });

  it('may be nested 32 deep', () => {
    expect(parse(nested(32))).toBeDefined();
    expect(() => parse(nested(33))).toThrow('deeply');
  });
});
