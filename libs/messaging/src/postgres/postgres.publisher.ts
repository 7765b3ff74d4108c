import type { Database } from '@scheduled-scripts/postgres';
import type { OutgoingMessage, Publisher } from '../messaging.js';
import { partitionOf } from '../partitioner.js';
import { newsChannel } from './channel.js';
import type { Topics } from './topics.js';
import { orUnavailable } from './unavailable.js';

/** In the order of their ids, so that two publishers cannot wait for each other. */
const lockPartitions = 'SELECT id, next_offset FROM partitions WHERE id = ANY($1::integer[]) ORDER BY id FOR UPDATE';

const insertMessages = `
  WITH given AS (
    SELECT * FROM unnest($1::integer[], $2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[])
      AS g (partition_id, message_offset, id, key, headers, value)
  ),
  moved AS (
    UPDATE partitions p SET next_offset = g.next_offset
    FROM (SELECT partition_id, max(message_offset) + 1 AS next_offset FROM given GROUP BY partition_id) g WHERE p.id = g.partition_id
  )
  INSERT INTO messages (partition_id, message_offset, id, key, headers, value) SELECT * FROM given`;

/**
 * Offsets are given out under the lock of the partition's row, which is held until the commit: they have no gaps, and nothing appears
 * below an offset that a reader has seen.
 */
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
      await this.database.transaction(async (tx) => {
        const rows = await tx.query<{ id: number; next_offset: string }>(lockPartitions, [[...new Set(partitions)]], 'lock-partitions');
        const next = new Map(rows.map(({ id, next_offset }) => [id, Number(next_offset)]));
        const offsets = partitions.map((partition) => {
          const offset = next.get(partition) as number;
          next.set(partition, offset + 1);
          return offset;
        });
        const columns = [
          messages.map(({ id }) => id),
          messages.map(({ key }) => key),
          messages.map(({ headers }) => JSON.stringify(headers)),
          messages.map(({ value }) => value),
        ];
        await tx.query(insertMessages, [partitions, offsets, ...columns], 'insert-messages');
      });
    });
    this.database.notify(newsChannel);
  }

  async ping(): Promise<void> {
    await orUnavailable(() => this.database.ping());
  }

  /** The connections belong to whoever opened the messaging. */
  async close(): Promise<void> {}
}
