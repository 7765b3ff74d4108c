import { setTimeout as pause } from 'node:timers/promises';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import type { Database, Transaction } from './database.js';
import type { AcquireLease, Lease, LeaseOptions } from './lease.js';
import { isUnavailable } from './unavailable.js';

const releasedChannel = 'lease_released';

/** The table that leases live in; part of the migrations of every service that takes one. */
export class LeaseTable1767225600000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'CREATE TABLE lease (name text PRIMARY KEY, owner text NOT NULL, token bigint NOT NULL, expires_at timestamptz NOT NULL)',
    );
  }
  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE lease');
  }
}

/**
 * In a transaction, as renewals are: a server that stood still carries out what it was sent before, but commits nothing for somebody who has
 * gone. By itself the statement would keep the lease from everybody, for an owner that does not know.
 */
const take = async (tx: Transaction, { name, owner, ttlMillis }: LeaseOptions): Promise<bigint | null> => {
  const [taken] = await tx.query<{ token: string }>(
    `INSERT INTO lease AS l (name, owner, token, expires_at) VALUES ($1, $2, 1, clock_timestamp() + $3 * interval '1 ms')
     ON CONFLICT (name) DO UPDATE SET owner = excluded.owner, token = l.token + 1, expires_at = excluded.expires_at
     WHERE l.expires_at <= clock_timestamp()
     RETURNING token`,
    [name, owner, ttlMillis],
  );
  return taken ? BigInt(taken.token) : null;
};

const millisLeft = async (database: Database, name: string): Promise<number> => {
  const [row] = await database.query<{ left: number }>(
    `SELECT (extract(epoch FROM expires_at - clock_timestamp()) * 1000)::float8 AS left FROM lease WHERE name = $1`,
    [name],
  );
  return row?.left ?? 0;
};

class HeldLease implements Lease {
  private readonly lost = new AbortController();
  readonly signal = this.lost.signal;
  private renewal: NodeJS.Timeout | undefined;
  private expiry: NodeJS.Timeout | undefined;

  constructor(
    private readonly database: Database,
    private readonly options: LeaseOptions,
    readonly token: bigint,
    takenAt: number,
  ) {
    this.holdFrom(takenAt);
    this.renewal = setTimeout(() => void this.renew(), options.ttlMillis / 3);
  }

  async release(): Promise<void> {
    if (this.signal.aborted) return;
    this.end();
    try {
      await this.database.query(`UPDATE lease SET expires_at = to_timestamp(0) WHERE name = $1 AND token = $2`, [
        this.options.name,
        this.token,
      ]);
      this.database.notify(releasedChannel);
    } catch (error) {
      if (!isUnavailable(error)) throw error; // Else it expires by itself.
    }
  }

  private async renew(): Promise<void> {
    const { name, ttlMillis } = this.options;
    let next = ttlMillis / 3;
    try {
      const askedAt = await this.database.transaction(async (tx) => {
        if (this.signal.aborted) return null;
        const now = performance.now();
        const renewed = await tx.query(
          `UPDATE lease SET expires_at = clock_timestamp() + $3 * interval '1 ms'
           WHERE name = $1 AND token = $2 AND expires_at > to_timestamp(0) RETURNING token`,
          [name, this.token, ttlMillis],
        );
        return renewed.length > 0 ? now : null;
      });
      if (this.signal.aborted) return;
      if (askedAt === null) return this.end();
      this.holdFrom(askedAt);
    } catch {
      next = ttlMillis / 10;
    }
    if (!this.signal.aborted) this.renewal = setTimeout(() => void this.renew(), next);
  }

  /** Counted from before the question was sent, and less than the whole: we stop before the database lets somebody else in. */
  private holdFrom(instant: number): void {
    clearTimeout(this.expiry);
    this.expiry = setTimeout(() => this.end(), instant + this.options.ttlMillis * 0.9 - performance.now());
  }

  private end(): void {
    clearTimeout(this.renewal);
    clearTimeout(this.expiry);
    this.lost.abort();
  }
}

/** A pause that a release elsewhere, or the end of the waiting, cuts short. */
const untilReleased = async (millis: number, hurry: AbortSignal): Promise<void> => {
  await pause(millis, undefined, { signal: hurry }).catch(() => undefined);
};

/** `LeaseTable…` must have been migrated. The renewal needs a connection of the pool: one that is busy for longer than the lease loses it. */
export const acquireLease: AcquireLease = async (database, options, signal) => {
  let hurry = new AbortController();
  const listening = await database.listen(releasedChannel, () => hurry.abort());
  try {
    while (!signal.aborted) {
      hurry = new AbortController();
      let wait = options.ttlMillis / 3;
      try {
        const taken = await database.transaction(async (tx) => {
          const askedAt = performance.now(); // Not before there was a session to ask by.
          const token = await take(tx, options);
          return token === null ? null : { token, askedAt };
        });
        if (taken) {
          const lease = new HeldLease(database, options, taken.token, taken.askedAt);
          if (!signal.aborted) return lease;
          await lease.release();
          break;
        }
        wait = Math.min(Math.max(await millisLeft(database, options.name), 1), options.ttlMillis);
      } catch (error) {
        if (!isUnavailable(error)) throw error;
      }
      await untilReleased(wait, AbortSignal.any([signal, hurry.signal]));
    }
    return null;
  } finally {
    await listening.stop();
  }
};
