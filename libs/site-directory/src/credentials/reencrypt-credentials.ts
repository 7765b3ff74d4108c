import type { Database } from '@scheduled-scripts/postgres';
import type { KeyRing } from './key-ring.js';
import { openPassword, sealPassword } from './sealed-password.js';

interface SealedRow extends Readonly<Record<string, unknown>> {
  readonly organizationId: string;
  readonly siteId: string;
  readonly keyId: string;
  readonly sealed: Buffer;
}

const reencryptBatch = (database: Database, ring: KeyRing, size: number): Promise<number> =>
  database.transaction(async (tx) => {
    const rows = await tx.query<SealedRow>(
      `SELECT organization_id AS "organizationId", id AS "siteId", password_key_id AS "keyId", password_sealed AS sealed
         FROM site_directory.sites WHERE password_key_id <> $1 ORDER BY organization_id, id LIMIT $2 FOR NO KEY UPDATE`,
      [ring.currentKeyId, size],
    );
    const sealed = rows.map((row) => sealPassword(ring, row, openPassword(ring, row, row)).sealed);
    await tx.query(
      `UPDATE site_directory.sites SET password_sealed = fresh.sealed, password_key_id = $1
         FROM unnest($2::text[], $3::text[], $4::bytea[]) AS fresh (organization_id, id, sealed)
        WHERE sites.organization_id = fresh.organization_id AND sites.id = fresh.id`,
      [ring.currentKeyId, rows.map((row) => row.organizationId), rows.map((row) => row.siteId), sealed],
    );
    return rows.length;
  });

/**
 * After a new key has become the current one: seals every password that another key holds with it, a batch a transaction. Returns how many;
 * when it has returned, the older keys are no longer needed. Sites are not changed by it: their versions stay.
 */
export const reencryptCredentials = async (database: Database, ring: KeyRing, batchSize = 500): Promise<number> => {
  let total = 0;
  for (;;) {
    const done = await reencryptBatch(database, ring, batchSize);
    total += done;
    if (done < batchSize) return total;
  }
};
