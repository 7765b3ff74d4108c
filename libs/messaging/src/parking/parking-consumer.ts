import type { Database, Transaction } from '@scheduled-scripts/postgres';
import { ConsumerWorker, type Lag } from '../consumer-worker.js';
import type { Messaging, ReceivedMessage } from '../messaging.js';
import { parkingHandler } from './parking-handler.js';
import { ParkingLot } from './parking-lot.js';

/** Where it is shown how a consumer fares. Structural, because this library knows no metrics. */
export interface Consumption {
  skipped(events: number): void;
  parked(message: ReceivedMessage, error: unknown): void;
  watch(consumer: { lag(): Promise<readonly Lag[]>; parkedKeys(): Promise<number> }): void;
}

/** What came of messages that were taken in. */
export interface TakenIn {
  /** Events of types that this release does not know. */
  readonly unknown: number;
  /** Channels on which somebody waits for what was written. */
  readonly wake: readonly string[];
}

export interface ParkingConsumerOptions {
  /** The service's own, whose schema has the tables of `parkingMigrations`. */
  readonly database: Database;
  readonly messaging: Messaging;
  readonly group: string;
  readonly topics: readonly string[];
  readonly consumption: Consumption;
  /** Writes what messages of one topic say, in order, into `tx`; idempotent by the revision of their streams. */
  readonly takeIn: (messages: readonly ReceivedMessage[], tx: Transaction) => Promise<TakenIn>;
}

/**
 * How a service takes topics into tables of its own: one transaction a batch, a key that cannot be handled is parked, and whoever
 * waits for what was written is woken. Nobody need watch it any more.
 */
export const parkingConsumer = ({ database, messaging, group, topics, consumption, takeIn }: ParkingConsumerOptions): ConsumerWorker => {
  const consumer = new ConsumerWorker(messaging, { group, topics }, async (batch, context) => {
    const channels = new Set<string>();
    const take = parkingHandler({
      database,
      group,
      onParked: (message, error) => consumption.parked(message, error),
      handle: async (messages, tx) => {
        const { unknown, wake } = await takeIn(messages, tx);
        consumption.skipped(unknown);
        for (const channel of wake) channels.add(channel);
      },
    });
    await take(batch, context);
    // Only now, after the commit, is there anything to be seen.
    for (const channel of channels) database.notify(channel);
  });
  const lot = new ParkingLot(database, group);
  consumption.watch({ lag: () => consumer.lag(), parkedKeys: async () => (await lot.count()).keys });
  return consumer;
};
