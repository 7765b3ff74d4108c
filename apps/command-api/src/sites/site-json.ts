import { entityTagOf, type SiteJson } from '@scheduled-scripts/contracts';
import { asTimestamp } from '@scheduled-scripts/domain';
import type { Site } from '@scheduled-scripts/site-directory';

/** The resource, fields in the promised order. */
export const siteJson = (site: Site): SiteJson => ({
  id: site.id,
  name: site.name,
  host: site.host,
  port: site.port,
  tls: site.tls,
  tls_fingerprint: site.tlsFingerprint,
  username: site.username,
  serial: site.serial,
  created_at: asTimestamp(site.createdAt),
  updated_at: asTimestamp(site.updatedAt),
});

export const siteEntityTag = (site: Site): string => entityTagOf(site.version, siteJson(site));
