import type { Queryable } from '@scheduled-scripts/postgres';
import { siteColumns, type SiteRow } from '../site-row.js';
import type { Site } from '../site.js';
import type { KeyRing } from './key-ring.js';
import { openPassword, type PasswordPlace } from './sealed-password.js';

/** All that is needed to talk to one router. Keep it no longer than the session, and never log it. */
export interface SiteCredentials {
  readonly site: Site;
  readonly password: string;
}

/**
 * For the executor, which may only SELECT: any connection to the database will do. `null` when the site has been removed.
 * Throws `CredentialsUnreadable` when the key ring does not fit.
 */
export const openCredentials = async (db: Queryable, keyRing: KeyRing, place: PasswordPlace): Promise<SiteCredentials | null> => {
  const [row] = await db.query<SiteRow & { passwordSealed: Buffer; passwordKeyId: string }>(
    `SELECT ${siteColumns}, password_sealed AS "passwordSealed", password_key_id AS "passwordKeyId"
       FROM site_directory.sites WHERE organization_id = $1 AND id = $2`,
    [place.organizationId, place.siteId],
  );
  if (!row) return null;
  const { passwordSealed, passwordKeyId, ...site } = row;
  return { site, password: openPassword(keyRing, place, { sealed: passwordSealed, keyId: passwordKeyId }) };
};
