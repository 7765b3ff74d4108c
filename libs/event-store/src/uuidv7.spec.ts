import { describe, expect, it } from '@jest/globals';
import { validate, version } from 'uuid';
import { uuidv7 } from './uuidv7.js';

const millisOf = (id: string): number => parseInt(id.slice(0, 13).replace('-', ''), 16);

describe('ids', () => {
  it('are UUIDs of version 7 that grow, also within a millisecond, and never repeat', () => {
    const before = Date.now();
    const ids = Array.from({ length: 5_000 }, uuidv7);
    expect(ids.every((id) => validate(id) && version(id) === 7)).toBe(true);
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(millisOf(ids[0] ?? '')).toBeGreaterThanOrEqual(before);
    expect(millisOf(ids.at(-1) ?? '')).toBeLessThanOrEqual(Date.now());
  });

  it('do not tell the next one', () => {
    const ends = Array.from({ length: 1_000 }, () => uuidv7().slice(-12));
    expect(new Set(ends).size).toBe(ends.length);
  });
});
