import type { Database, Queryable, Transaction } from '@scheduled-scripts/postgres';
import type { KeyRing } from './key-ring.js';
import { CredentialsUnreadable, openPassword, sealPassword } from './sealed-password.js';

export interface Reencryption {
  /** Passwords that the current key has sealed now. */
  readonly sealed: number;
  /** Passwords that no key of the ring opens; they stay as they are. */
  readonly unreadable: number;
}

export interface ReencryptionOptions {
  /** Sites of one transaction; 500 unless told. */
  readonly batchSize?: number;
  /** Begins no further batch once aborted. */
  readonly stopping?: AbortSignal;
  /** After each batch: what has been done so far. */
  readonly onBatch?: (soFar: Reencryption) => void;
}

interface Place extends Readonly<Record<string, unknown>> {
  readonly organizationId: string;
  readonly siteId: string;
}

interface SealedRow extends Place {
  readonly keyId: string;
  readonly sealed: Buffer;
}

const sealedAnew = (ring: KeyRing, row: SealedRow): Buffer | null => {
  try {
    return sealPassword(ring, row, openPassword(ring, row, row)).sealed;
  } catch (error) {
    if (error instanceof CredentialsUnreadable) return null;
    throw error;
  }
};

/**
 * Locked in one order, so that two who do this side by side never wait in a circle; a password that is changed meanwhile is read as it is
 * then.
 */
const takeBatch = (tx: Transaction, ring: KeyRing, after: Place, size: number): Promise<readonly SealedRow[]> =>
  tx.query<SealedRow>(
    `SELECT organization_id AS "organizationId", id AS "siteId", password_key_id AS "keyId", password_sealed AS sealed
       FROM site_directory.sites WHERE password_key_id <> $1 AND (organization_id, id) > ($3, $4)
      ORDER BY organization_id, id LIMIT $2 FOR NO KEY UPDATE`,
    [ring.currentKeyId, size, after.organizationId, after.siteId],
  );

const storeBatch = async (tx: Transaction, ring: KeyRing, fresh: readonly (Place & { readonly sealed: Buffer })[]): Promise<void> => {
  await tx.query(
    `UPDATE site_directory.sites SET password_sealed = fresh.sealed, password_key_id = $1
       FROM unnest($2::text[], $3::text[], $4::bytea[]) AS fresh (organization_id, id, sealed)
      WHERE sites.organization_id = fresh.organization_id AND sites.id = fresh.id`,
    [ring.currentKeyId, fresh.map((row) => row.organizationId), fresh.map((row) => row.siteId), fresh.map((row) => row.sealed)],
  );
};

/** The places that were looked at, and how many of them are sealed anew. */
const reencryptBatch = (database: Database, ring: KeyRing, after: Place, size: number) =>
  database.transaction(async (tx) => {
    const places = await takeBatch(tx, ring, after, size);
    const fresh = places.flatMap((row) => {
      const sealed = sealedAnew(ring, row);
      return sealed === null ? [] : [{ ...row, sealed }];
    });
    if (fresh.length > 0) await storeBatch(tx, ring, fresh);
    return { places, sealed: fresh.length };
  });

/**
 * After a new key has become the current one: seals every password that another key holds with it, a batch a transaction. It can be
 * ended anywhere and begun again, beside the running service and beside itself. Sites are not changed by it: their versions stay.
 */
export const reencryptCredentials = async (database: Database, ring: KeyRing, options: ReencryptionOptions = {}): Promise<Reencryption> => {
  const { batchSize = 500, onBatch } = options;
  let soFar: Reencryption = { sealed: 0, unreadable: 0 };
  let after: Place = { organizationId: '', siteId: '' };
  for (;;) {
    if (options.stopping?.aborted === true) return soFar;
    const { places, sealed } = await reencryptBatch(database, ring, after, batchSize);
    soFar = { sealed: soFar.sealed + sealed, unreadable: soFar.unreadable + places.length - sealed };
    if (places.length > 0) onBatch?.(soFar);
    if (places.length < batchSize) return soFar;
    after = places.at(-1) ?? after;
  }
};

export interface KeyUse extends Readonly<Record<string, unknown>> {
  readonly keyId: string;
  readonly sites: number;
}

/** Which keys hold how many passwords. */
export const credentialKeys = (db: Queryable): Promise<readonly KeyUse[]> =>
  db.query<KeyUse>(
    `SELECT password_key_id AS "keyId", count(*)::integer AS sites FROM site_directory.sites GROUP BY password_key_id ORDER BY password_key_id`,
  );
