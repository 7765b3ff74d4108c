import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { bodyDigest } from './body-digest.js';

/** The same value, with the keys of each object the other way round. */
const reversed = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(reversed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([key, member]) => [key, reversed(member)] as const)
      .toReversed(),
  );
};

describe('the digest of a body', () => {
  it('is that of its value, in whatever order its keys come', () => {
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(bodyDigest(reversed(value))).toBe(bodyDigest(value))));
  });

  it('is another for another value', () => {
    const texts = ['{}', '[]', 'null', '""', '"null"', '0', '"0"', '1e999', '-1e999', '"Infinity"', '{"a":1}', '{"a":"1"}', '{"a":[1]}'];
    texts.push('{"a":{}}', '{"a":null}', '["a",1]', '[1,2]', '[2,1]', '[[1],2]', '[1,[2]]', '["1,2"]', '{"b":1}', '{"a":1,"b":2}');
    texts.push('{"a":2,"b":1}', '{"a:1,b":2}', '{"a":{"b":1}}', '"é"', String.raw`"e\u0301"`, '0.1', '0.10000000000000002');
    expect(new Set(texts.map((text) => bodyDigest(JSON.parse(text)))).size).toBe(texts.length);
  });

  it('takes no body for null', () => {
    expect(bodyDigest(undefined)).toBe(bodyDigest(null));
  });
});
