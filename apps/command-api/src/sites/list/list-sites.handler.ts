import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { SiteDirectory } from '@scheduled-scripts/site-directory';
import { SITE_DIRECTORY } from '../site-directory.provider.js';
import { ListSites, type SitePage } from './list-sites.query.js';

@QueryHandler(ListSites)
export class ListSitesHandler implements IQueryHandler<ListSites> {
  constructor(@Inject(SITE_DIRECTORY) private readonly sites: SiteDirectory) {}

  async execute({ organizationId, limit, cursor }: ListSites): Promise<SitePage> {
    const found = await this.sites.list(organizationId, { after: cursor, limit: limit + 1 });
    const sites = found.slice(0, limit);
    return { sites, next: found.length > limit ? (sites.at(-1)?.id ?? null) : null };
  }
}
