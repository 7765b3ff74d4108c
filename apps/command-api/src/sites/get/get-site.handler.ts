import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import { problem } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { Site, SiteDirectory } from '@scheduled-scripts/site-directory';
import { SITE_DIRECTORY } from '../site-directory.provider.js';
import { GetSite } from './get-site.query.js';

@QueryHandler(GetSite)
export class GetSiteHandler implements IQueryHandler<GetSite> {
  constructor(@Inject(SITE_DIRECTORY) private readonly sites: SiteDirectory) {}

  async execute({ organizationId, siteId }: GetSite): Promise<Site> {
    const site = await this.sites.get(organizationId, siteId);
    if (site === null) throw new ApiError(problem('site_not_found'));
    return site;
  }
}
