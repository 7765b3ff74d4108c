import { randomInt } from 'node:crypto';
import type { Row } from '@scheduled-scripts/postgres';
import type { Site, SiteSettings } from './site.js';

/** A row as `siteColumns` reads it. */
export type SiteRow = Row & Site;

const instant = (column: string): string => `to_char(${column} AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;

/** Everything but the password: it must be asked for by name. */
export const siteColumns = `
  id, organization_id AS "organizationId", name, host, port, tls, tls_fingerprint AS "tlsFingerprint", username, serial, version,
  ${instant('created_at')} AS "createdAt", ${instant('updated_at')} AS "updatedAt"`;

/** In the order of `settingColumns`. */
export const settingValues = (site: SiteSettings): readonly unknown[] => [
  site.name,
  site.host,
  site.port,
  site.tls,
  site.tlsFingerprint,
  site.username,
  site.serial,
];

export const settingColumns = 'name, host, port, tls, tls_fingerprint, username, serial';

const base62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export const newSiteId = (): string => `site_${Array.from({ length: 24 }, () => base62[randomInt(62)]).join('')}`;

export const isSiteId = (text: string): boolean => /^site_[0-9A-Za-z]{16,32}$/.test(text);
