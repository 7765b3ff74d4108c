import type { ReadEvent } from '@scheduled-scripts/contracts';
import type { Row, Transaction } from '@scheduled-scripts/postgres';
import { tableOf } from '../generations/tables.js';
import { bulk, type BulkColumn } from './bulk.js';
import { foldScript, type ScriptContent, type ScriptEvent, type ScriptRow } from './scheduled-script.fold.js';

export interface ScriptChange {
  readonly scriptId: string;
  readonly read: ReadEvent;
  readonly event: ScriptEvent;
}

/** Folds the batch in memory: the rows that differ from what stands in the table, which is locked. Repeats change nothing. */
export const foldScripts = async (tx: Transaction, generation: number, changes: readonly ScriptChange[]): Promise<readonly ScriptRow[]> => {
  if (changes.length === 0) return [];
  const before = await load(tx, tableOf('scheduled_scripts', generation), [...new Set(changes.map(({ scriptId }) => scriptId))]);
  const after = new Map(before);
  for (const { scriptId, read, event } of changes) after.set(scriptId, foldScript(after.get(scriptId), read, event));
  return [...after.values()].filter((row) => row !== before.get(row.id));
};

/** Each once. */
export const writeScripts = async (tx: Transaction, generation: number, moved: readonly ScriptRow[]): Promise<void> => {
  const table = tableOf('scheduled_scripts', generation);
  await writeAll(tx, table, moved);
  await writeLifecycle(tx, table, moved);
};

const load = async (tx: Transaction, table: string, ids: readonly string[]): Promise<ReadonlyMap<string, ScriptRow>> => {
  const rows = await tx.query<ScriptRow & Row>(
    `SELECT id, organization_id AS "organizationId", revision, version, status, created_by AS "createdBy", launch_at AS "launchAt",
       authorized_at AS "authorizedAt", cancelled_at AS "cancelledAt", created_at AS "createdAt", updated_at AS "updatedAt",
       script_sha256 AS "scriptSha256", summary_revision AS "summaryRevision", summary_sha256 AS "summarySha256", summary, NULL AS content
     FROM ${table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

const lifecycleColumns: readonly BulkColumn<ScriptRow>[] = [
  { name: 'id', type: 'uuid', of: (row) => row.id },
  { name: 'organization_id', type: 'text', of: (row) => row.organizationId },
  { name: 'revision', type: 'integer', of: (row) => row.revision },
  { name: 'version', type: 'integer', of: (row) => row.version },
  { name: 'status', type: 'text', of: (row) => row.status },
  { name: 'created_by', type: 'text', of: (row) => row.createdBy },
  { name: 'launch_at', type: 'text', of: (row) => row.launchAt },
  { name: 'authorized_at', type: 'text', of: (row) => row.authorizedAt },
  { name: 'cancelled_at', type: 'text', of: (row) => row.cancelledAt },
  { name: 'created_at', type: 'text', of: (row) => row.createdAt },
  { name: 'updated_at', type: 'text', of: (row) => row.updatedAt },
  { name: 'script_sha256', type: 'text', of: (row) => row.scriptSha256 },
  { name: 'summary_revision', type: 'integer', of: (row) => row.summaryRevision },
  { name: 'summary_sha256', type: 'text', of: (row) => row.summarySha256 },
  { name: 'summary', type: 'text', of: (row) => row.summary },
];

interface FullRow {
  readonly row: ScriptRow;
  readonly content: ScriptContent;
  readonly plan: string;
}

// The sites stand in the resource twice once it is launched, each with its quotes and comma.
const bytesOf = ({ content, plan }: FullRow): number =>
  Buffer.byteLength(plan) + 2 * content.sites.reduce((bytes, site) => bytes + site.length + 3, 0);

const lifecycle = bulk(lifecycleColumns);
const full = bulk<FullRow>([
  ...lifecycleColumns.map(({ of, ...column }) => ({ ...column, of: ({ row }: FullRow) => of(row) })),
  // An array of arrays cannot be taken apart by unnest.
  { name: 'sites', type: 'text', of: ({ content }) => content.sites.join(',') },
  { name: 'plan', type: 'json', of: ({ plan }) => plan },
  { name: 'plan_bytes', type: 'integer', of: bytesOf },
]);

// The rows that were loaded are locked. One that was not there may have been made meanwhile, by a member that has lost its partition.
const isNewer = (table: string): string =>
  `${table}.revision <= excluded.revision AND ${table}.summary_revision <= excluded.summary_revision`;

const writeAll = async (tx: Transaction, table: string, moved: readonly ScriptRow[]): Promise<void> => {
  const rows = moved.flatMap((row) => (row.content ? [{ row, content: row.content, plan: JSON.stringify(row.content.plan) }] : []));
  if (rows.length === 0) return;
  await tx.query(
    `INSERT INTO ${table} (${full.names})
     SELECT ${lifecycle.names}, string_to_array(sites, ','), plan, plan_bytes FROM ${full.source}
     ON CONFLICT (id) DO UPDATE SET ${full.assignments} WHERE ${isNewer(table)}`,
    full.values(rows),
  );
};

/** A plan that stays is not written again. */
const writeLifecycle = async (tx: Transaction, table: string, moved: readonly ScriptRow[]): Promise<void> => {
  const rows = moved.filter(({ content }) => content === null);
  if (rows.length === 0) return;
  await tx.query(
    `UPDATE ${table} SET ${lifecycle.assignments} FROM ${lifecycle.source} WHERE ${table}.id = excluded.id AND ${isNewer(table)}`,
    lifecycle.values(rows),
  );
};
