import { plainIdentifier } from './connection.js';
import type { Database, Queryable, Row } from './database.js';
import { codeOf } from './unavailable.js';

export interface NewWork {
  readonly id: string;
  /** Of one lane at most one item is claimed at a time, the earliest due first; `null`: no such limit. */
  readonly lane: string | null;
  /** Any form that Postgres reads as `timestamptz`. */
  readonly dueAt: string;
  readonly payload: Row;
}

/**
 * An item that is ours until the lease runs out. No two claims of an id are alike, even when the item was removed and added again in
 * between: a claimer that slept too long cannot touch it any more.
 */
export interface ClaimedWork extends NewWork {
  /** UTC with six fraction digits. */
  readonly dueAt: string;
  /** How often it has been claimed, this time included. */
  readonly attempts: number;
  readonly claim: string;
}

export interface ClaimOptions {
  /** Unique for each process. */
  readonly owner: string;
  readonly limit: number;
  readonly leaseMillis: number;
  /** Also what falls due within so many milliseconds: for a timer that must not come late. 0 unless told. */
  readonly aheadMillis?: number;
}

type Held = Pick<ClaimedWork, 'id' | 'claim'>;

/** Work that waits in a table of a service. All times are the database's; every function runs on the pool or inside a transaction. */
export interface WorkList {
  /** Adds what is not there yet; answers the ids that were added. */
  add(db: Queryable, items: readonly NewWork[]): Promise<readonly string[]>;
  /** Adds or replaces; no id twice in one call. A replaced item is unclaimed: whoever had claimed it finds that out. */
  put(db: Queryable, items: readonly NewWork[]): Promise<void>;
  /** Removes whatever the state; answers whether it was there. */
  remove(db: Queryable, id: string): Promise<boolean>;
  /**
   * Takes due items nobody holds, and those whose lease has run out, these first. A lane stays taken by its item until that is
   * completed, rescheduled or released, also after the lease has run out: then only this item can be claimed in it.
   * In transactions of its own: of two claimers that meet in one lane the later tries again, and what a claimer is not told it does not hold.
   */
  claim(db: Database, options: ClaimOptions): Promise<readonly ClaimedWork[]>;
  /** Extends the leases; answers the ids that are still ours. */
  renew(db: Queryable, items: readonly Held[], leaseMillis: number): Promise<readonly string[]>;
  /** Removes it; `false` when it is no longer ours. */
  complete(db: Queryable, item: Held): Promise<boolean>;
  /** Unclaims it for later; `false` when it is no longer ours. `payload` replaces what is there. */
  reschedule(db: Queryable, item: Held, later: { readonly dueAt: string; readonly payload?: Row }): Promise<boolean>;
  /** Gives them back untouched, e.g. when the process stops: another one may claim them at once. */
  release(db: Queryable, items: readonly Held[]): Promise<void>;
  /** Milliseconds until the next unclaimed item falls due, whatever its lane; negative when it is late; `null` when none waits. */
  nextDueInMillis(db: Queryable): Promise<number | null>;
}

/** Statements for a migration; the service may add columns of its own, with defaults. */
export const workListTable = (table: string): readonly string[] => [
  `CREATE TABLE ${plainIdentifier(table)} (
     id text PRIMARY KEY,
     lane text,
     due_at timestamptz NOT NULL,
     payload jsonb NOT NULL,
     attempts int NOT NULL DEFAULT 0,
     claim bigint NOT NULL DEFAULT 0,
     owner text,
     lease_until timestamptz,
     CHECK ((owner IS NULL) = (lease_until IS NULL))
   ) WITH (autovacuum_vacuum_scale_factor = 0.02)`,
  `CREATE UNIQUE INDEX ${table}_lane_claimed ON ${table} (lane) WHERE owner IS NOT NULL`,
  `CREATE INDEX ${table}_lane_waiting ON ${table} (lane, due_at, id) WHERE owner IS NULL AND lane IS NOT NULL`,
  `CREATE INDEX ${table}_due ON ${table} (due_at, id) WHERE owner IS NULL`,
  `CREATE INDEX ${table}_lease ON ${table} (lease_until) WHERE owner IS NOT NULL`,
];

/** The transaction's own number, which never comes again. A count in the row would begin anew with the row. */
const thisClaim = 'pg_current_xact_id()::text::bigint';

const utc = `to_char(due_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Only the first of a lane is a candidate: two claimers then meet at one row, which one of them locks and the other skips. */
const claimStatement = (table: string): string => `
  WITH expired AS (
    SELECT id FROM ${table} WHERE owner IS NOT NULL AND lease_until <= statement_timestamp()
    ORDER BY lease_until LIMIT $2 FOR UPDATE SKIP LOCKED
  ), due AS (
    SELECT id FROM ${table} AS item WHERE owner IS NULL AND due_at <= statement_timestamp() + $4 * interval '1 ms'
      AND (lane IS NULL OR NOT EXISTS (
            SELECT FROM ${table} AS other WHERE other.lane = item.lane AND other.owner IS NOT NULL
          ) AND NOT EXISTS (
            SELECT FROM ${table} AS other
            WHERE other.lane = item.lane AND other.owner IS NULL AND (other.due_at, other.id) < (item.due_at, item.id)
          ))
    ORDER BY due_at, id LIMIT $2 FOR UPDATE SKIP LOCKED
  ), chosen AS (SELECT id FROM expired UNION ALL SELECT id FROM due LIMIT $2), claimed AS (
    UPDATE ${table} AS item SET owner = $1, claim = ${thisClaim}, attempts = attempts + 1,
      lease_until = statement_timestamp() + $3 * interval '1 ms'
    FROM chosen WHERE item.id = chosen.id
    RETURNING item.*
  )
  SELECT id, lane, ${utc} AS "dueAt", payload, attempts, claim FROM claimed ORDER BY due_at, id`;

const arrays = (items: readonly NewWork[]): unknown[] => [
  items.map(({ id }) => id),
  items.map(({ lane }) => lane),
  items.map(({ dueAt }) => dueAt),
  items.map(({ payload }) => JSON.stringify(payload)),
];

const heldArrays = (items: readonly Held[]): unknown[] => [items.map(({ id }) => id), items.map(({ claim }) => claim)];

const isLaneCollision = (error: unknown): boolean => codeOf(error) === '23505';

/** The functions over one table that was made with `workListTable`. */
export const workList = (name: string): WorkList => {
  const table = plainIdentifier(name);
  const insert = `INSERT INTO ${table} (id, lane, due_at, payload)
    SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::jsonb[])`;
  const held = `FROM unnest($1::text[], $2::bigint[]) AS held (id, claim) WHERE item.id = held.id AND item.claim = held.claim`;

  return {
    add: async (db, items) => {
      const rows = await db.query<{ id: string }>(`${insert} ON CONFLICT (id) DO NOTHING RETURNING id`, arrays(items));
      return rows.map(({ id }) => id);
    },
    put: async (db, items) => {
      await db.query(
        `${insert} ON CONFLICT (id) DO UPDATE SET lane = excluded.lane, due_at = excluded.due_at, payload = excluded.payload,
           attempts = 0, owner = NULL, lease_until = NULL`,
        arrays(items),
      );
    },
    remove: async (db, id) => (await db.query(`DELETE FROM ${table} WHERE id = $1 RETURNING id`, [id])).length > 0,
    claim: async (db, { owner, limit, leaseMillis, aheadMillis = 0 }) => {
      for (let attempt = 1; ; attempt += 1) {
        try {
          // A server that stood still carries out what it was sent before, but commits no transaction of somebody who has gone.
          return await db.transaction((tx) => tx.query<ClaimedWork & Row>(claimStatement(table), [owner, limit, leaseMillis, aheadMillis]));
        } catch (error) {
          if (!isLaneCollision(error) || attempt === 5) throw error;
        }
      }
    },
    renew: async (db, items, leaseMillis) => {
      const rows = await db.query<{ id: string }>(
        `UPDATE ${table} AS item SET lease_until = statement_timestamp() + $3 * interval '1 ms' ${held} AND item.owner IS NOT NULL
         RETURNING item.id`,
        [...heldArrays(items), leaseMillis],
      );
      return rows.map(({ id }) => id);
    },
    complete: async (db, { id, claim }) =>
      (await db.query(`DELETE FROM ${table} WHERE id = $1 AND claim = $2 AND owner IS NOT NULL RETURNING id`, [id, claim])).length > 0,
    reschedule: async (db, { id, claim }, { dueAt, payload }) => {
      const rows = await db.query(
        `UPDATE ${table} SET due_at = $3, payload = coalesce($4::jsonb, payload), owner = NULL, lease_until = NULL
         WHERE id = $1 AND claim = $2 AND owner IS NOT NULL RETURNING id`,
        [id, claim, dueAt, payload === undefined ? null : JSON.stringify(payload)],
      );
      return rows.length > 0;
    },
    release: async (db, items) => {
      await db.query(
        `UPDATE ${table} AS item SET owner = NULL, lease_until = NULL, attempts = attempts - 1 ${held} AND item.owner IS NOT NULL`,
        heldArrays(items),
      );
    },
    nextDueInMillis: async (db) => {
      const [row] = await db.query<{ millis: number | null }>(
        `SELECT (extract(epoch FROM min(due_at) - statement_timestamp()) * 1000)::float8 AS millis FROM ${table} WHERE owner IS NULL`,
      );
      return row?.millis ?? null;
    },
  };
};
