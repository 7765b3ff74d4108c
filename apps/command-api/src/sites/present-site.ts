import type { Site } from '@scheduled-scripts/site-directory';
import type { Presented } from '../http/presented.js';
import { siteEntityTag, siteJson } from './site-json.js';

export const presentSite = (site: Site, status: 200 | 201): Presented => ({
  status,
  headers: { ETag: siteEntityTag(site), ...(status === 201 ? { Location: `/sites/${site.id}` } : {}) },
  body: JSON.stringify(siteJson(site)),
});
