import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type GroupMember, shareOut, type Shares } from './share-out.js';

const topics = { a: 12, b: 5 };
const partitionsOf = (topic: string): readonly number[] => Array.from({ length: topics[topic as 'a' | 'b'] }, (_, number) => number);

const held = fc.record({
  a: fc.uniqueArray(fc.integer({ min: 0, max: 14 })),
  b: fc.uniqueArray(fc.integer({ min: 0, max: 14 })),
});
const members = fc.uniqueArray(
  fc.record({ id: fc.uuid(), topics: fc.subarray(['a', 'b'], { minLength: 1 }), held, isStalled: fc.boolean() }),
  { minLength: 1, maxLength: 8, selector: ({ id }) => id },
);

const after = (given: readonly GroupMember[], shares: Shares): readonly GroupMember[] =>
  given.map((member) => ({ ...member, held: Object.fromEntries(shares.get(member.id) ?? []) }));

const size = (shares: Shares, id: string, topic: string): number => shares.get(id)?.get(topic)?.length ?? 0;

describe('shareOut', () => {
  it('gives every partition to exactly one who asked for its topic, as evenly as can be', () => {
    fc.assert(
      fc.property(members, (given) => {
        const shares = shareOut(given, partitionsOf);
        const sharing = given.some(({ isStalled }) => !isStalled) ? given.filter(({ isStalled }) => !isStalled) : given;
        for (const topic of ['a', 'b']) {
          const interested = sharing.filter((member) => member.topics.includes(topic));
          const all = given.flatMap(({ id }) => shares.get(id)?.get(topic) ?? []);
          expect(all.toSorted((a, b) => a - b)).toEqual(interested.length > 0 ? partitionsOf(topic) : []);
          const sizes = interested.map(({ id }) => size(shares, id, topic));
          expect(all.length).toBe(sizes.reduce((sum, one) => sum + one, 0));
          expect(sizes.length === 0 || Math.max(...sizes) - Math.min(...sizes) <= 1).toBe(true);
        }
      }),
    );
  });

  it('moves nothing when nothing has changed', () => {
    fc.assert(
      fc.property(members, (given) => {
        const shares = shareOut(given, partitionsOf);
        expect(shareOut(after(given, shares).toReversed(), partitionsOf)).toEqual(
          new Map([...shares].map(([id, share]) => [id, share] as const)),
        );
      }),
    );
  });

  it('takes from others only what a newcomer gets, and last what they are at work on', () => {
    fc.assert(
      fc.property(members, fc.uuid(), (given, id) => {
        const working = given.map((member) => ({ ...member, isStalled: false }));
        const before = after(working, shareOut(working, partitionsOf));
        const newcomer = { id, topics: ['a', 'b'], held: {}, isStalled: false };
        const shares = shareOut([...before, newcomer], partitionsOf);
        for (const member of before) {
          for (const topic of member.topics) {
            const had = member.held[topic] ?? [];
            expect(shares.get(member.id)?.get(topic)).toEqual(had.slice(0, size(shares, member.id, topic)));
          }
        }
      }),
    );
  });
});
