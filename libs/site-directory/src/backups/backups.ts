import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gzip } from 'node:zlib';
import type { Queryable } from '@scheduled-scripts/postgres';

const compress = promisify(gzip);
const expand = promisify(gunzip);

export interface Backup {
  readonly organizationId: string;
  readonly executionId: string;
  readonly siteId: string;
  /** The router's export, byte for byte. */
  readonly text: Buffer;
  /** Of the text, lower-case hex; the name under which the execution's `prepared` event refers to it. */
  readonly sha256: string;
  /** UTC with up to six fraction digits. */
  readonly takenAt: string;
}

/** The text is not the one that its hash names: before it was stored, or it has changed since. */
export class BackupCorrupt extends Error {
  readonly code = 'backup_corrupt';
  constructor(executionId: string) {
    super(`the backup of execution ${executionId} does not have the hash that it should have`);
    this.name = 'BackupCorrupt';
  }
}

const sha256Of = (text: Buffer): string => hash('sha256', text);

/** Stores it before the event that names it is appended. The same text again is stored once; nothing is ever overwritten. */
export const storeBackup = async (db: Queryable, backup: Backup): Promise<void> => {
  if (sha256Of(backup.text) !== backup.sha256) throw new BackupCorrupt(backup.executionId);
  await db.query(
    `INSERT INTO site_backups.backups (execution_id, sha256, organization_id, site_id, text_gzip, taken_at)
     VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (execution_id, sha256) DO NOTHING`,
    [backup.executionId, backup.sha256, backup.organizationId, backup.siteId, await compress(backup.text), backup.takenAt],
  );
};

export interface BackupQuery {
  readonly organizationId: string;
  readonly executionId: string;
  /** The hash in the execution's history. Without it, the text that was taken last. */
  readonly sha256?: string | undefined;
}

/** The text is checked against its hash. `null` when there is none, also in another organization. */
export const findBackup = async (
  db: Queryable,
  { organizationId, executionId, sha256 }: BackupQuery,
): Promise<Pick<Backup, 'text' | 'sha256'> | null> => {
  const [row] = await db.query<{ sha256: string; textGzip: Buffer }>(
    `SELECT sha256, text_gzip AS "textGzip" FROM site_backups.backups
      WHERE execution_id = $1 AND organization_id = $2 AND ($3::text IS NULL OR sha256 = $3) ORDER BY taken_at DESC LIMIT 1`,
    [executionId, organizationId, sha256 ?? null],
  );
  if (!row) return null;
  const text = await expand(row.textGzip);
  if (sha256Of(text) !== row.sha256) throw new BackupCorrupt(executionId);
  return { text, sha256: row.sha256 };
};
