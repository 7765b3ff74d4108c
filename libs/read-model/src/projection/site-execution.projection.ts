import type { ReadEvent } from '@scheduled-scripts/contracts';
import type { Row, Transaction } from '@scheduled-scripts/postgres';
import { tableOf } from '../generations/tables.js';
import { bulk } from './bulk.js';
import { foldExecution, type ExecutionEvent, type ExecutionRow } from './site-execution.fold.js';

export interface ExecutionChange {
  readonly read: ReadEvent;
  readonly event: ExecutionEvent;
}

export interface MovedExecution {
  readonly row: ExecutionRow;
  /** Whether its JSON differs from before: a claim, for one, only moves the revision. */
  readonly isSeen: boolean;
}

const shown = ['state', 'reason', 'message', 'startedAt', 'finishedAt', 'backup'] as const satisfies readonly (keyof ExecutionRow)[];

/** As `foldScripts`, for the executions, whatever is known of their script. */
export const foldExecutions = async (
  tx: Transaction,
  generation: number,
  changes: readonly ExecutionChange[],
): Promise<readonly MovedExecution[]> => {
  if (changes.length === 0) return [];
  const before = await load(tx, tableOf('site_executions', generation), [...new Set(changes.map(({ event }) => event.data.executionId))]);
  const after = new Map(before);
  for (const { read, event } of changes) {
    const { executionId } = event.data;
    after.set(executionId, foldExecution(after.get(executionId), read, event));
  }
  return [...after.values()].flatMap((row) => {
    const was = before.get(row.id);
    return row === was ? [] : [{ row, isSeen: !was || shown.some((field) => row[field] !== was[field]) }];
  });
};

export const writeExecutions = async (tx: Transaction, generation: number, moved: readonly ExecutionRow[]): Promise<void> => {
  if (moved.length === 0) return;
  const table = tableOf('site_executions', generation);
  await tx.query(
    `INSERT INTO ${table} (${columns.names}) SELECT * FROM ${columns.source}
     ON CONFLICT (id) DO UPDATE SET ${columns.assignments} WHERE ${table}.revision < excluded.revision`,
    columns.values(moved),
  );
};

const load = async (tx: Transaction, table: string, ids: readonly string[]): Promise<ReadonlyMap<string, ExecutionRow>> => {
  const rows = await tx.query<ExecutionRow & Row>(
    `SELECT id, organization_id AS "organizationId", script_id AS "scriptId", site_id AS "siteId", kind, requested_at AS "requestedAt",
       revision, state, reason, message, started_at AS "startedAt", finished_at AS "finishedAt", backup, position
     FROM ${table} WHERE id = ANY($1::uuid[]) ORDER BY id FOR UPDATE`,
    [ids],
  );
  return new Map(rows.map((row) => [row.id, row]));
};

const columns = bulk<ExecutionRow>([
  { name: 'id', type: 'uuid', of: (row) => row.id },
  { name: 'organization_id', type: 'text', of: (row) => row.organizationId },
  { name: 'script_id', type: 'uuid', of: (row) => row.scriptId },
  { name: 'site_id', type: 'text', of: (row) => row.siteId },
  { name: 'kind', type: 'text', of: (row) => row.kind },
  { name: 'requested_at', type: 'text', of: (row) => row.requestedAt },
  { name: 'revision', type: 'integer', of: (row) => row.revision },
  { name: 'state', type: 'text', of: (row) => row.state },
  { name: 'reason', type: 'text', of: (row) => row.reason },
  { name: 'message', type: 'text', of: (row) => row.message },
  { name: 'started_at', type: 'text', of: (row) => row.startedAt },
  { name: 'finished_at', type: 'text', of: (row) => row.finishedAt },
  { name: 'backup', type: 'jsonb', of: (row) => row.backup && JSON.stringify(row.backup) },
  { name: 'position', type: 'integer', of: (row) => row.position },
]);
