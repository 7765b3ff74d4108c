import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { problem, type SiteCheckJson } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { SiteDirectory } from '@scheduled-scripts/site-directory';
import { SITE_DIRECTORY } from '../site-directory.provider.js';
import { CheckSite } from './check-site.command.js';
import { SiteChecks } from './site-checks.js';

@CommandHandler(CheckSite)
export class CheckSiteHandler implements ICommandHandler<CheckSite> {
  constructor(
    @Inject(SITE_DIRECTORY) private readonly sites: SiteDirectory,
    private readonly checks: SiteChecks,
  ) {}

  async execute({ organizationId, siteId }: CheckSite): Promise<SiteCheckJson> {
    const site = await this.sites.get(organizationId, siteId);
    if (site === null) throw new ApiError(problem('site_not_found'));
    return this.checks.check(site);
  }
}
