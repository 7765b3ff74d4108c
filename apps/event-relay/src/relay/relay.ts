import { publishedStreamPrefixes, toMessage } from '@scheduled-scripts/contracts';
import type { EventStore } from '@scheduled-scripts/event-store';
import type { Publisher } from '@scheduled-scripts/messaging';
import type { Checkpoint } from '../checkpoint/checkpoint.js';
import { publishable } from './publishable.js';
import type { RelayStatus } from './relay-status.js';

export interface RelayConnections {
  readonly store: EventStore;
  readonly publisher: Publisher;
}

export interface RelaySignals {
  /** Ends the following; what has been read is still published. */
  readonly stop: AbortSignal;
  /** Nothing more may be begun: another relay may be at work. */
  readonly lost: AbortSignal;
}

/**
 * Copies events to their topics, from the checkpoint on: one awaited publish at a time, and the checkpoint only after it. Whatever
 * interrupts this, the next relay begins at or before the first event that is missing, so that it may repeat but never skip or reorder.
 */
export const relay = async (
  { store, publisher }: RelayConnections,
  checkpoint: Checkpoint,
  status: RelayStatus,
  { stop, lost }: RelaySignals,
): Promise<void> => {
  const after = await checkpoint.take();
  await Promise.all([store.ping(), publisher.ping()]);
  status.connected();
  const signal = AbortSignal.any([stop, lost]);
  for await (const { events, position } of store.follow({ after, streamPrefixes: publishedStreamPrefixes, signal })) {
    status.read(events);
    let published = 0;
    for (const messages of publishable(events.map(toMessage))) {
      if (lost.aborted) return;
      await publisher.publish(messages);
      published += messages.length;
      status.relayed(messages, events.slice(published));
    }
    await checkpoint.moveTo(position);
    status.moved();
  }
};
