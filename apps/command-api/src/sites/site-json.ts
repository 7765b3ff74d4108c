import { entityTagOf } from '@scheduled-scripts/contracts';
import type { Site } from '@scheduled-scripts/site-directory';

export interface SiteJson {
  readonly id: string;
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly tls: Site['tls'];
  readonly tls_fingerprint: string | null;
  readonly username: string;
  readonly serial: string | null;
  readonly created_at: string;
  readonly updated_at: string;
}

/** The resource, fields in the promised order. There is no password in it, and none to put there. */
export const siteJson = (site: Site): SiteJson => ({
  id: site.id,
  name: site.name,
  host: site.host,
  port: site.port,
  tls: site.tls,
  tls_fingerprint: site.tlsFingerprint,
  username: site.username,
  serial: site.serial,
  created_at: site.createdAt,
  updated_at: site.updatedAt,
});

export const siteEntityTag = (site: Site): string => entityTagOf(site.version, siteJson(site));
