import type { Database, Transaction } from '@scheduled-scripts/postgres';
import type { ReceivedMessage } from '../messaging.js';

export interface ParkedKey {
  readonly topic: string;
  readonly key: string;
}

export interface ParkedKeySummary extends ParkedKey {
  /** What the first message met with. */
  readonly reason: string;
  readonly parkedAt: Date;
  readonly messages: number;
}

/** What it answers is not looked at. */
export type HandleMessages = (messages: readonly ReceivedMessage[], tx: Transaction) => Promise<unknown>;

export type ReplayOutcome =
  /** Nothing of the key is parked any more: it flows again. */
  | { readonly ok: true; readonly replayed: number }
  /** Stopped at a message that still fails; it and all behind it stay parked. */
  | { readonly ok: false; readonly replayed: number; readonly failedId: string; readonly error: unknown };

interface ParkedRow extends Record<string, unknown> {
  readonly id: string;
  readonly place: string;
  readonly partition: number;
  readonly message_offset: string;
  readonly headers: string;
  readonly value: string;
}

/** A live consumer shares a parked key's row, a replay locks it: whoever comes second sees what the first has left. */
const sharedKeys = 'SELECT key FROM parked_keys WHERE group_name = $1 AND topic = $2 AND key = ANY($3::text[]) ORDER BY key FOR SHARE';
const ofKey = 'group_name = $1 AND topic = $2 AND key = $3';

/** Ordinality keeps the order of the batch; a repeat of what is parked already is left out. */
const append = `
  INSERT INTO parked_messages (group_name, topic, key, id, partition, message_offset, headers, value)
  SELECT $1, $2, g.key, g.id, g.partition, g.message_offset, g.headers, g.value
  FROM unnest($3::text[], $4::text[], $5::integer[], $6::text[], $7::text[], $8::text[])
    WITH ORDINALITY AS g (key, id, partition, message_offset, headers, value, n)
  ORDER BY g.n ON CONFLICT (group_name, topic, key, id) DO NOTHING`;

const read = `
  SELECT id, place, partition, message_offset, headers, value FROM parked_messages
  WHERE ${ofKey} ORDER BY place LIMIT $4`;

const list = `
  SELECT k.topic, k.key, k.reason, k.parked_at, (
    SELECT count(*) FROM parked_messages m WHERE m.group_name = k.group_name AND m.topic = k.topic AND m.key = k.key
  ) AS messages
  FROM parked_keys k WHERE k.group_name = $1 ORDER BY k.parked_at, k.topic, k.key LIMIT $2`;

const count = `
  SELECT (SELECT count(*) FROM parked_keys WHERE group_name = $1) AS keys,
    (SELECT count(*) FROM parked_messages WHERE group_name = $1) AS messages`;

/** The messages of one group that could not be handled, key by key and in order, in the consumer's own schema. */
export class ParkingLot {
  constructor(
    private readonly database: Database,
    private readonly group: string,
  ) {}

  /** Which of the keys are parked; they stay so until the end of the transaction. */
  async parkedAmong(tx: Transaction, topic: string, keys: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await tx.query<{ key: string }>(sharedKeys, [this.group, topic, keys], 'parked-keys');
    return new Set(rows.map(({ key }) => key));
  }

  /** Puts messages of parked keys behind those that are there. */
  async append(tx: Transaction, topic: string, messages: readonly ReceivedMessage[]): Promise<void> {
    await tx.query(append, [
      this.group,
      topic,
      messages.map(({ key }) => key),
      messages.map(({ id }) => id),
      messages.map(({ partition }) => partition),
      messages.map(({ offset }) => offset),
      messages.map(({ headers }) => JSON.stringify(headers)),
      messages.map(({ value }) => value),
    ]);
  }

  /** Parks a message and thereby its key. */
  async park(tx: Transaction, message: ReceivedMessage, reason: string): Promise<void> {
    await tx.query('INSERT INTO parked_keys (group_name, topic, key, reason) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING', [
      this.group,
      message.topic,
      message.key,
      reason,
    ]);
    await this.append(tx, message.topic, [message]);
  }

  /** The oldest first; 100 unless told. */
  async list(limit = 100): Promise<readonly ParkedKeySummary[]> {
    const rows = await this.database.query<{ topic: string; key: string; reason: string; parked_at: Date; messages: string }>(list, [
      this.group,
      limit,
    ]);
    return rows.map(({ topic, key, reason, parked_at, messages }) => ({
      topic,
      key,
      reason,
      parkedAt: parked_at,
      messages: Number(messages),
    }));
  }

  async count(): Promise<{ readonly keys: number; readonly messages: number }> {
    const [row] = await this.database.query<{ keys: string; messages: string }>(count, [this.group]);
    return { keys: Number(row?.keys), messages: Number(row?.messages) };
  }

  /** The parked messages of a key, the first to be replayed first; 100 unless told. */
  async read(key: ParkedKey, limit = 100): Promise<readonly ReceivedMessage[]> {
    return (await this.database.query<ParkedRow>(read, [...this.parameters(key), limit])).map((row) => received(key, row));
  }

  /**
   * Handles a key's parked messages in order, each in a transaction of its own, and lets the key flow again when all have succeeded.
   * Safe beside a live consumer: what comes for the key meanwhile is parked behind, or handled after the last one.
   */
  async replay(key: ParkedKey, handle: HandleMessages): Promise<ReplayOutcome> {
    for (let replayed = 0; ; replayed++) {
      const next = { id: '' };
      try {
        if (!(await this.replayNext(key, handle, next))) return { ok: true, replayed };
      } catch (error) {
        if (next.id === '') throw error;
        return { ok: false, replayed, failedId: next.id, error };
      }
    }
  }

  /** Throws a key's parked messages away and lets the key flow again; answers how many they were. */
  async drop(key: ParkedKey): Promise<number> {
    return this.database.transaction(async (tx) => {
      if (!(await this.lock(tx, key))) return 0;
      const dropped = await tx.query(`DELETE FROM parked_messages WHERE ${ofKey} RETURNING id`, this.parameters(key));
      await this.unpark(tx, key);
      return dropped.length;
    });
  }

  /** `false` when nothing is left and the key flows. */
  private replayNext(key: ParkedKey, handle: HandleMessages, next: { id: string }): Promise<boolean> {
    return this.database.transaction(async (tx) => {
      if (!(await this.lock(tx, key))) return false;
      const [row] = await tx.query<ParkedRow>(read, [...this.parameters(key), 1]);
      if (!row) {
        await this.unpark(tx, key);
        return false;
      }
      next.id = row.id;
      await handle([received(key, row)], tx);
      await tx.query(`DELETE FROM parked_messages WHERE ${ofKey} AND place = $4`, [...this.parameters(key), row.place]);
      return true;
    });
  }

  /** Nothing may be done to a key that is not locked here: a consumer could be parking it at this moment. */
  private async lock(tx: Transaction, key: ParkedKey): Promise<boolean> {
    return (await tx.query(`SELECT FROM parked_keys WHERE ${ofKey} FOR UPDATE`, this.parameters(key))).length === 1;
  }

  private async unpark(tx: Transaction, key: ParkedKey): Promise<void> {
    await tx.query(`DELETE FROM parked_keys WHERE ${ofKey}`, this.parameters(key));
  }

  private parameters({ topic, key }: ParkedKey): readonly string[] {
    return [this.group, topic, key];
  }
}

const received = ({ topic, key }: ParkedKey, { id, partition, message_offset, headers, value }: ParkedRow): ReceivedMessage => ({
  id,
  topic,
  key,
  partition,
  offset: message_offset,
  headers: JSON.parse(headers) as Record<string, string>,
  value,
});
