import { afterAll, afterEach, beforeAll, describe, jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import type { Messaging } from '../messaging.js';
import { describeDelivery } from './delivery.contract.js';
import { describeGroups } from './groups.contract.js';
import { describeOutages } from './outages.contract.js';
import { describePublishing } from './publishing.contract.js';

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

/** Everything that the ports promise, whatever the transport. */
export const describeMessaging = (name: string, factory: () => Promise<MessagingHarness>): void => {
  jest.setTimeout(120_000);
  describe(name, () => {
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
    const scene: Scene = {
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

    describePublishing(scene);
    describeDelivery(scene);
    describeGroups(scene);
    describeOutages(scene);
  });
};
