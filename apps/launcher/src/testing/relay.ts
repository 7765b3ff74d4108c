import { publishedStreamPrefixes, toMessage } from '@scheduled-scripts/contracts';
import type { EventStore } from '@scheduled-scripts/event-store';
import type { Messaging } from '@scheduled-scripts/messaging';
import { Gate } from '@scheduled-scripts/messaging/testing';

export interface Relay {
  /** Holds everything back until `go`. */
  hold(): void;
  go(): void;
  stop(): Promise<void>;
}

/** Copies events to their topics as the event relay does, as long as it is not held. */
export const startRelay = (store: EventStore, messaging: Messaging): Relay => {
  const stopping = new AbortController();
  let gate: Gate | undefined;
  const running = (async () => {
    const publisher = messaging.publisher();
    const following = { after: null, streamPrefixes: publishedStreamPrefixes, signal: stopping.signal };
    for await (const { events } of store.follow(following)) {
      await gate?.opened;
      if (events.length > 0) await publisher.publish(events.map(toMessage));
    }
  })();
  return {
    hold: () => {
      gate = new Gate();
    },
    go: () => gate?.open(),
    stop: async () => {
      gate?.open();
      stopping.abort();
      await running;
    },
  };
};
