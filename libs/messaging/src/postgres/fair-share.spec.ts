import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fairShare } from './fair-share.js';

const member = fc.record({
  member: fc.uuid(),
  topics: fc.subarray(['a', 'b'], { minLength: 1 }),
  stalled: fc.boolean(),
});

describe('fairShare', () => {
  it('gives every partition of a topic away exactly once, as evenly as can be', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(member, { minLength: 1, maxLength: 20, selector: (one) => one.member }),
        fc.integer({ min: 1, max: 50 }),
        (members, partitions) => {
          const interested = members.filter(({ topics }) => topics.includes('a'));
          const sharing = interested.some(({ stalled }) => !stalled) ? interested.filter(({ stalled }) => !stalled) : interested;
          const shares = members.map((me) => ({
            me,
            share: fairShare(
              partitions,
              'a',
              me,
              members.filter((one) => one !== me),
            ),
          }));
          const given = shares.filter(({ me }) => sharing.includes(me)).map(({ share }) => share);
          expect(shares.reduce((sum, { share }) => sum + share, 0)).toBe(sharing.length > 0 ? partitions : 0);
          expect(sharing.length === 0 || Math.max(...given) - Math.min(...given) <= 1).toBe(true);
        },
      ),
    );
  });
});
