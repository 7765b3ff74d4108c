import { intArray, textArray, type Database } from '@scheduled-scripts/postgres';
import type { OutgoingMessage, Publisher } from '../messaging.js';
import { partitionOf } from '../partitioner.js';
import { newsChannel } from './channel.js';
import type { Topics } from './topics.js';
import { orUnavailable } from './unavailable.js';

/** One statement a publish: all of its messages are there, or none. */
export class PostgresPublisher implements Publisher {
  constructor(
    private readonly database: Database,
    private readonly topics: Topics,
  ) {}

  async publish(messages: readonly OutgoingMessage[]): Promise<void> {
    if (messages.length === 0) return;
    await orUnavailable(async () => {
      const partitions: number[] = [];
      for (const { topic, key } of messages) {
        const ids = await this.topics.partitionIds(topic);
        partitions.push(ids[partitionOf(key, ids.length)] as number);
      }
      const columns = [
        intArray(partitions),
        textArray(messages.map(({ id }) => id)),
        textArray(messages.map(({ key }) => key)),
        textArray(messages.map(({ headers }) => JSON.stringify(headers))),
        textArray(messages.map(({ value }) => value)),
      ];
      await this.database.query('SELECT publish($1, $2, $3, $4, $5)', columns, 'publish');
    });
    this.database.notify(newsChannel);
  }

  async ping(): Promise<void> {
    await orUnavailable(() => this.database.ping());
  }

  /** The connections belong to whoever opened the messaging. */
  async close(): Promise<void> {}
}
