import { afterAll, afterEach, beforeAll } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Messaging } from '../messaging.js';

/** A client as another process would have it, on a way to the transport that can be cut. */
export interface MessagingClient {
  readonly messaging: Messaging;
  /** Breaks its connections and refuses new ones; for the others it is as if its process had been killed. */
  readonly cut: () => void;
  readonly restore: () => void;
}

export interface MessagingHarness {
  /** Clients that are left open are closed by `close`. */
  open(): Promise<MessagingClient>;
  /** How long a silent member keeps its partitions. */
  readonly leaseMillis: number;
  close(): Promise<void>;
}

/** What each test of the contract works with. */
export interface Scene {
  readonly leaseMillis: number;
  open(): Promise<MessagingClient>;
  /** A topic of its own. */
  topic(partitions?: number): Promise<string>;
  group(): string;
}

/** On one harness for the whole suite; each test's clients are restored and closed after it. */
export const setScene = (factory: () => Promise<MessagingHarness>): Scene => {
  let harness: MessagingHarness;
  let clients: MessagingClient[] = [];

  beforeAll(async () => {
    harness = await factory();
  });
  afterEach(async () => {
    for (const client of clients) client.restore();
    await Promise.all(clients.map(({ messaging }) => messaging.close()));
    clients = [];
  });
  afterAll(() => harness.close());

  const open = async (): Promise<MessagingClient> => {
    const client = await harness.open();
    clients.push(client);
    return client;
  };
  return {
    get leaseMillis() {
      return harness.leaseMillis;
    },
    open,
    topic: async (partitions = 6) => {
      const topic = { name: `topic-${randomUUID()}`, partitions };
      const { messaging } = await open();
      await messaging.ensureTopics([topic]);
      return topic.name;
    },
    group: () => `group-${randomUUID()}`,
  };
};
