import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { executionLives, scriptLife } from '../testing/index.js';
import type { EventMessage } from './index.js';

/** A stranger who has read docs/consuming-events.md: two headers, compared as text, and nothing of ours. */
const firstOccurrences = (delivered: readonly EventMessage[]): readonly EventMessage[] => {
  const lastSeen = new Map<string, string>();
  return delivered.filter(({ headers }) => {
    const { ce_subject: subject = '', ce_sequence: sequence = '' } = headers;
    const isRepeat = sequence <= (lastSeen.get(subject) ?? '');
    if (!isRepeat) lastSeen.set(subject, sequence);
    return !isRepeat;
  });
};

/** Senders that each begin no later than where all before them have come to, and end anywhere: an ex-leader wakes, a new one takes over. */
const sentBySeveral = (messages: readonly EventMessage[]): fc.Arbitrary<readonly EventMessage[]> =>
  fc.array(fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.nat({ max: 12 })), { maxLength: 12 }).map((senders) => {
    let reached = 0;
    const sent = senders.flatMap(([share, count]) => {
      const from = Math.floor(share * reached);
      reached = Math.max(reached, Math.min(from + count, messages.length));
      return messages.slice(from, from + count);
    });
    return [...sent, ...messages.slice(reached)];
  });

const lives = scriptLife().chain((life) =>
  executionLives(life).map((executions) => ({
    script: life.steps.map(({ message }) => message),
    executions: executions.flatMap(({ messages }) => messages),
  })),
);

describe('a stranger who knows the two headers', () => {
  it.each(['script', 'executions'] as const)('sees each message of a topic once and in order (%s), whatever is repeated', (topic) => {
    fc.assert(
      fc.property(
        lives.chain((life) => sentBySeveral(life[topic]).map((delivered) => ({ sent: life[topic], delivered }))),
        ({ sent, delivered }) => {
          expect(firstOccurrences(delivered)).toEqual(sent);
        },
      ),
    );
  });

  it('would be misled by counting a topic as one history', () => {
    const [life] = fc.sample(
      lives.filter(({ executions }) => new Set(executions.map(({ headers }) => headers['ce_subject'])).size > 1),
      { numRuns: 1, seed: 3 },
    );
    const oneHistory = (life?.executions ?? []).map((message) => ({ ...message, headers: { ...message.headers, ce_subject: 'one' } }));
    expect(firstOccurrences(oneHistory).length).toBeLessThan(oneHistory.length);
  });
});
