import type { Database } from '@scheduled-scripts/postgres';
import type { ReceivedMessage } from '../messaging.js';
import { orUnavailable } from './unavailable.js';

const enrol = `
  INSERT INTO claims (group_name, partition_id, next_offset)
  SELECT $1, id, CASE WHEN $3 THEN next_offset ELSE 0 END FROM partitions WHERE topic = ANY($2::text[]) ORDER BY id
  ON CONFLICT DO NOTHING`;

/** The clock of all expiries is the server's. A member long gone is swept by whoever comes by. */
const beat = `
  WITH me AS (
    INSERT INTO members (group_name, member, topics, stalled, expires_at)
    VALUES ($1, $2, $3, $4, now() + $5 * interval '1 millisecond')
    ON CONFLICT (group_name, member) DO UPDATE SET stalled = excluded.stalled, expires_at = excluded.expires_at
  ),
  gone AS (DELETE FROM members WHERE group_name = $1 AND member <> $2 AND expires_at < now() - interval '1 minute'),
  renewed AS (
    UPDATE claims c SET expires_at = now() + $5 * interval '1 millisecond'
    FROM unnest($6::integer[], $7::bigint[]) AS k (partition_id, generation)
    WHERE c.group_name = $1 AND c.partition_id = k.partition_id AND c.owner = $2 AND c.generation = k.generation
    RETURNING c.partition_id
  )
  SELECT ARRAY(SELECT partition_id FROM renewed) AS renewed,
    (SELECT coalesce(json_agg(m), '[]') FROM (
      SELECT member, topics, stalled FROM members WHERE group_name = $1 AND member <> $2 AND expires_at > now()
    ) m) AS others`;

const claim = `
  WITH free AS (
    SELECT c.partition_id, p.number FROM claims c JOIN partitions p ON p.id = c.partition_id
    WHERE c.group_name = $1 AND p.topic = $3 AND c.partition_id <> ALL($4::integer[])
      AND (c.owner IS NULL OR c.owner = $2 OR c.expires_at <= now())
    ORDER BY p.number LIMIT $5 FOR UPDATE OF c SKIP LOCKED
  )
  UPDATE claims c SET owner = $2, generation = c.generation + 1, expires_at = now() + $6 * interval '1 millisecond'
  FROM free WHERE c.group_name = $1 AND c.partition_id = free.partition_id
  RETURNING c.partition_id, free.number, c.generation, c.next_offset`;

const release = `
  UPDATE claims SET owner = NULL, expires_at = NULL WHERE group_name = $1 AND owner = $2 AND partition_id = ANY($3::integer[])`;

const leave = `
  WITH gone AS (DELETE FROM members WHERE group_name = $1 AND member = $2)
  UPDATE claims SET owner = NULL, expires_at = NULL WHERE group_name = $1 AND owner = $2`;

const commit = `
  UPDATE claims SET next_offset = $5 WHERE group_name = $1 AND partition_id = $2 AND owner = $3 AND generation = $4
  RETURNING partition_id`;

/** Never a prepared statement: a plan made while the table was small would stay. The first message comes whatever its size. */
const fetchBatches = `
  SELECT w.partition_id, m.message_offset, m.id, m.key, m.headers, m.value, m.page
  FROM unnest($1::integer[], $2::bigint[]) AS w (partition_id, next_offset)
  CROSS JOIN LATERAL (
    SELECT *, count(*) OVER () AS page, sum(octet_length(value)) OVER (ORDER BY message_offset) - octet_length(value) AS before FROM (
      SELECT * FROM messages WHERE partition_id = w.partition_id AND message_offset >= w.next_offset ORDER BY message_offset LIMIT $3
    ) one_page
  ) m
  WHERE m.before < $4 ORDER BY w.partition_id, m.message_offset`;

const lag = `
  SELECT p.topic, p.number, p.next_offset - c.next_offset AS behind FROM claims c JOIN partitions p ON p.id = c.partition_id
  WHERE c.group_name = $1 AND c.owner = $2 ORDER BY p.topic, p.number`;

export interface Claim {
  readonly partitionId: number;
  readonly topic: string;
  readonly number: number;
  readonly generation: string;
  readonly nextOffset: number;
}

export interface OtherMember {
  readonly member: string;
  readonly topics: readonly string[];
  readonly stalled: boolean;
}

export interface Page {
  readonly messages: readonly ReceivedMessage[];
  /** There was nothing behind these when they were read. */
  readonly last: boolean;
}

interface MessageRow extends Record<string, unknown> {
  readonly partition_id: number;
  readonly message_offset: string;
  readonly id: string;
  readonly key: string;
  readonly headers: string;
  readonly value: string;
  readonly page: string;
}

/** One member's view of its group's rows. Every method throws `MessagingUnavailable` in an outage. */
export class Group {
  constructor(
    private readonly database: Database,
    private readonly name: string,
    private readonly member: string,
    private readonly topics: readonly string[],
    private readonly leaseMillis: number,
  ) {}

  async enrol(from: 'earliest' | 'latest'): Promise<void> {
    await this.query(enrol, [this.name, this.topics, from === 'latest']);
  }

  /** Says that this member is alive and prolongs the given claims; answers those that are still its own, and who else is alive. */
  async beat(stalled: boolean, claims: readonly Claim[]): Promise<{ renewed: ReadonlySet<number>; others: readonly OtherMember[] }> {
    const kept = [claims.map(({ partitionId }) => partitionId), claims.map(({ generation }) => generation)];
    const parameters = [this.name, this.member, this.topics, stalled, this.leaseMillis, ...kept];
    const [row] = await this.query<{ renewed: number[]; others: OtherMember[] }>(beat, parameters, 'beat');
    return { renewed: new Set(row?.renewed), others: row?.others ?? [] };
  }

  /**
   * Takes up to `count` partitions that nobody holds, and those that this member does without knowing, since an answer got lost; never those
   * of `except`. Each time is a new generation.
   */
  async claim(topic: string, count: number, except: readonly number[]): Promise<readonly Claim[]> {
    const rows = await this.query<{ partition_id: number; number: number; generation: string; next_offset: string }>(claim, [
      this.name,
      this.member,
      topic,
      except,
      count,
      this.leaseMillis,
    ]);
    return rows.map((row) => ({
      partitionId: row.partition_id,
      topic,
      number: row.number,
      generation: row.generation,
      nextOffset: Number(row.next_offset),
    }));
  }

  async release(partitionIds: readonly number[]): Promise<void> {
    await this.query(release, [this.name, this.member, partitionIds]);
  }

  async leave(): Promise<void> {
    await this.query(leave, [this.name, this.member]);
  }

  /** `false`: the partition is somebody else's by now. */
  async commit({ partitionId, generation }: Claim, nextOffset: number): Promise<boolean> {
    return (await this.query(commit, [this.name, partitionId, this.member, generation, nextOffset], 'commit')).length === 1;
  }

  /** The next messages of many partitions in one statement; a partition without news is not in the answer. */
  async fetch(
    claims: readonly (Claim & { readonly position: number })[],
    limit: number,
    maxBytes: number,
  ): Promise<ReadonlyMap<number, Page>> {
    const from = [claims.map(({ partitionId }) => partitionId), claims.map(({ position }) => position)];
    const rows = await this.query<MessageRow>(fetchBatches, [...from, limit, maxBytes]);
    const byPartition = new Map<number, MessageRow[]>();
    for (const row of rows) {
      const own = byPartition.get(row.partition_id);
      if (own) own.push(row);
      else byPartition.set(row.partition_id, [row]);
    }
    const pages = new Map<number, Page>();
    for (const claimed of claims) {
      const own = byPartition.get(claimed.partitionId);
      if (!own) continue;
      const messages = own.map((row) => this.received(claimed, row));
      pages.set(claimed.partitionId, { messages, last: own.length < limit && own.length === Number(own[0]?.page) });
    }
    return pages;
  }

  async lag(): Promise<readonly { topic: string; partition: number; behind: number }[]> {
    const rows = await this.query<{ topic: string; number: number; behind: string }>(lag, [this.name, this.member]);
    return rows.map(({ topic, number, behind }) => ({ topic, partition: number, behind: Number(behind) }));
  }

  private received({ topic, number }: Claim, { message_offset, id, key, headers, value }: MessageRow): ReceivedMessage {
    return { id, topic, partition: number, offset: message_offset, key, headers: JSON.parse(headers) as Record<string, string>, value };
  }

  private query<R extends Record<string, unknown>>(text: string, parameters: readonly unknown[], name?: string): Promise<readonly R[]> {
    return orUnavailable(() => this.database.query<R>(text, parameters, name));
  }
}
