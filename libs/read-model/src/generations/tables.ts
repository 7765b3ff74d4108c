import type { Queryable } from '@scheduled-scripts/postgres';

/**
 * The shape of the tables below, and what the projections put into them. Raise it whenever rows of the same messages come out
 * differently: the live generation is then no longer ours to write to, and a rebuild is due.
 */
export const layout = 1;

const tables = ['scheduled_scripts', 'site_executions', 'script_history', 'script_positions'] as const;
export type TableName = (typeof tables)[number];

/** A generation's own table. Readers do not know of it: they ask the view of the plain name. */
export const tableOf = (name: TableName, generation: number): string => {
  if (!Number.isSafeInteger(generation)) throw new Error('not a generation');
  return `${name}_g${generation}`;
};

// Timestamps are text in the contract's form, which sorts by bytes as it does in time: what goes in comes out, to the microsecond.
const scheduledScripts = (table: string): string => `
  CREATE TABLE ${table} (
    id uuid PRIMARY KEY,
    organization_id text NOT NULL,
    revision integer NOT NULL,
    version integer NOT NULL,
    status text NOT NULL,
    created_by text NOT NULL,
    launch_at text COLLATE "C" NOT NULL,
    authorized_at text COLLATE "C",
    cancelled_at text COLLATE "C",
    created_at text COLLATE "C" NOT NULL,
    updated_at text COLLATE "C" NOT NULL,
    script_sha256 text NOT NULL,
    sites text[] COLLATE "C" NOT NULL,
    plan text NOT NULL,
    plan_bytes integer NOT NULL,
    summary_revision integer NOT NULL,
    summary_sha256 text,
    summary text
  ) WITH (fillfactor = 80)`;

const siteExecutions = (table: string): string => `
  CREATE TABLE ${table} (
    id uuid PRIMARY KEY,
    organization_id text NOT NULL,
    script_id uuid NOT NULL,
    site_id text COLLATE "C" NOT NULL,
    kind text NOT NULL,
    requested_at text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    state text NOT NULL,
    reason text,
    message text,
    started_at text COLLATE "C",
    finished_at text COLLATE "C",
    backup jsonb,
    position integer NOT NULL DEFAULT 0
  ) WITH (fillfactor = 75)`;

const scriptHistory = (table: string): string => `
  CREATE TABLE ${table} (
    script_id uuid NOT NULL,
    stream text COLLATE "C" NOT NULL,
    revision integer NOT NULL,
    organization_id text NOT NULL,
    type text NOT NULL,
    at text COLLATE "C" NOT NULL,
    by text NOT NULL,
    data text NOT NULL,
    data_bytes integer NOT NULL,
    PRIMARY KEY (script_id, stream, revision)
  )`;

/**
 * How often anything of a script has changed; the rows of its executions keep the count at which they last did. A row of its own,
 * because executions may be known before their script is.
 */
const scriptPositions = (table: string): string => `
  CREATE TABLE IF NOT EXISTS ${table} (
    script_id uuid PRIMARY KEY,
    position integer NOT NULL
  ) WITH (fillfactor = 50)`;

export const createTables = async (db: Queryable, generation: number): Promise<void> => {
  await db.query(scheduledScripts(tableOf('scheduled_scripts', generation)));
  await db.query(siteExecutions(tableOf('site_executions', generation)));
  await db.query(scriptHistory(tableOf('script_history', generation)));
  await db.query(scriptPositions(tableOf('script_positions', generation)));
};

/** For generations that were made before there were positions: rows that stay as they are have position 0. */
export const addPositions = async (db: Queryable, generation: number): Promise<void> => {
  await db.query(`ALTER TABLE ${tableOf('site_executions', generation)} ADD COLUMN IF NOT EXISTS position integer NOT NULL DEFAULT 0`);
  await db.query(scriptPositions(tableOf('script_positions', generation)));
};

/** What only readers need; a rebuild makes it once the rows are there. No column in it but `status` ever changes in place. */
export const createIndexes = async (db: Queryable, generation: number): Promise<void> => {
  const scripts = tableOf('scheduled_scripts', generation);
  const executions = tableOf('site_executions', generation);
  const index = (name: string, on: string) => db.query(`CREATE INDEX IF NOT EXISTS ${name} ON ${on}`);
  await index(`${scripts}_newest`, `${scripts} (organization_id, id DESC)`);
  await index(`${scripts}_by_status`, `${scripts} (organization_id, status, id DESC)`);
  await index(`${scripts}_by_launch`, `${scripts} (organization_id, launch_at)`);
  await index(`${scripts}_by_site`, `${scripts} USING gin (sites)`);
  await index(`${executions}_by_script`, `${executions} (script_id, site_id, requested_at, id)`);
};

/** A planner that knows nothing of new tables reads all of them. */
export const analyze = async (db: Queryable, generation: number): Promise<void> => {
  await db.query(`ANALYZE ${tables.map((name) => tableOf(name, generation)).join(', ')}`);
};

/** Also tells one whose number was given before, in a read model that is no more. */
const nameOf = async (db: Queryable, generation: number): Promise<string> => {
  const [row] = await db.query<{ made: string }>(
    `SELECT floor(extract(epoch FROM created_at) * 1000)::bigint::text AS made FROM generations WHERE number = $1`,
    [generation],
  );
  if (!row) throw new Error(`there is no generation ${generation}`);
  return `${generation}.${Number(row.made).toString(36)}`;
};

/** Lets readers see this generation. A layout may add columns to a view and never takes one away: older readers are still there. */
export const pointViewsAt = async (db: Queryable, generation: number): Promise<void> => {
  // First, as it stands first in the questions of readers: whoever waits here holds nothing that a reader waits for.
  await db.query(`CREATE OR REPLACE VIEW live_generation AS SELECT '${await nameOf(db, generation)}'::text AS name`);
  for (const name of tables) await db.query(`CREATE OR REPLACE VIEW ${name} AS SELECT * FROM ${tableOf(name, generation)}`);
};

export const dropTables = async (db: Queryable, generation: number): Promise<void> => {
  await db.query(`DROP TABLE IF EXISTS ${tables.map((name) => tableOf(name, generation)).join(', ')}`);
};
