import { randomUUID } from 'node:crypto';
import { fromMessage, topics } from '@scheduled-scripts/contracts';
import type { Messaging } from '@scheduled-scripts/messaging';

export interface Seen {
  readonly key: string;
  readonly stream: string;
  readonly revision: number;
}

const quietMillis = 3_000;

/** Everything on the topics, from their beginning, in the order of each partition, by a group that nobody has ever heard of. */
export const everyMessage = async (messaging: Messaging): Promise<readonly Seen[]> => {
  const seen: Seen[] = [];
  let lastAt = Date.now();
  const subscription = await messaging
    .consumer()
    .subscribe({ group: `judge-${randomUUID()}`, topics: Object.values(topics), from: 'earliest' }, ({ messages }) => {
      for (const message of messages) {
        const read = fromMessage(message);
        if (read.kind === 'event') seen.push({ key: read.key, stream: read.stream, revision: read.revision });
      }
      lastAt = Date.now();
      return Promise.resolve();
    });
  while (!subscription.isJoined() || Date.now() - lastAt < quietMillis) await new Promise((resolve) => setTimeout(resolve, 100));
  await subscription.stop();
  return seen;
};

/** First occurrences, by stream, in the order in which they came; repeats are legal. */
export const firstOccurrences = (seen: readonly Seen[]): ReadonlyMap<string, readonly number[]> => {
  const streams = new Map<string, number[]>();
  for (const { stream, revision } of seen) {
    const revisions = streams.get(stream) ?? [];
    if (!revisions.includes(revision)) revisions.push(revision);
    streams.set(stream, revisions);
  }
  return streams;
};
