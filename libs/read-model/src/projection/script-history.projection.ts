import type { ReadEvent } from '@scheduled-scripts/contracts';
import type { Transaction } from '@scheduled-scripts/postgres';
import { tableOf } from '../generations/tables.js';
import { bulk } from './bulk.js';

export interface HistoryEntry {
  readonly scriptId: string;
  readonly read: ReadEvent;
  /** The event's data as the message carries it. */
  readonly data: string;
}

/** Entries are never changed: one that is there already stays. */
export const projectHistory = async (tx: Transaction, generation: number, entries: readonly HistoryEntry[]): Promise<void> => {
  if (entries.length === 0) return;
  await tx.query(
    `INSERT INTO ${tableOf('script_history', generation)} (${columns.names}) SELECT * FROM ${columns.source} ON CONFLICT DO NOTHING`,
    columns.values(entries),
  );
};

const columns = bulk<HistoryEntry>([
  { name: 'script_id', type: 'uuid', of: ({ scriptId }) => scriptId },
  { name: 'stream', type: 'text', of: ({ read }) => read.stream },
  { name: 'revision', type: 'integer', of: ({ read }) => read.revision },
  { name: 'organization_id', type: 'text', of: ({ read }) => read.organizationId },
  { name: 'type', type: 'text', of: ({ read }) => read.event.type },
  { name: 'at', type: 'text', of: ({ read }) => read.at },
  { name: 'by', type: 'text', of: ({ read }) => read.actor },
  { name: 'data', type: 'json', of: ({ data }) => data },
  { name: 'data_bytes', type: 'integer', of: ({ data }) => Buffer.byteLength(data) },
]);
