import type { Database } from '@scheduled-scripts/postgres';
import { TopicMismatch, type TopicSpecification } from '../messaging.js';

const createMissing = `
  WITH given AS (SELECT * FROM unnest($1::text[], $2::integer[]) AS g (name, partitions)),
  created AS (
    INSERT INTO topics (name, partitions) SELECT name, partitions FROM given ORDER BY name
    ON CONFLICT DO NOTHING RETURNING name, partitions
  )
  INSERT INTO partitions (topic, number) SELECT name, n FROM created, generate_series(0, partitions - 1) AS n`;

/** The topics as they are in the database. What was found once is kept: partitions never change. */
export class Topics {
  private readonly known = new Map<string, readonly number[]>();

  constructor(private readonly database: Database) {}

  async ensure(topics: readonly TopicSpecification[]): Promise<void> {
    const names = topics.map(({ name }) => name);
    await this.database.query(createMissing, [names, topics.map(({ partitions }) => partitions)]);
    for (const { name, partitions } of topics) {
      const there = (await this.partitionIds(name)).length;
      if (there !== partitions) {
        throw new TopicMismatch(
          `topic ${name} has ${there} partitions and should have ${partitions}: a key's partition must never move, ` +
            'so put the number back, or publish to a topic of a new name',
        );
      }
    }
  }

  /** The ids of a topic's partitions, by number. */
  async partitionIds(topic: string): Promise<readonly number[]> {
    const known = this.known.get(topic);
    if (known) return known;
    const rows = await this.database.query<{ id: number }>('SELECT id FROM partitions WHERE topic = $1 ORDER BY number', [topic]);
    if (rows.length === 0) throw new TopicMismatch(`topic ${topic} does not exist: create it with ensureTopics`);
    const ids = rows.map(({ id }) => id);
    this.known.set(topic, ids);
    return ids;
  }
}
