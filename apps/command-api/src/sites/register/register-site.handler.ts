import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { Site, SiteDirectory } from '@scheduled-scripts/site-directory';
import { SITE_DIRECTORY } from '../site-directory.provider.js';
import { orSiteProblem } from '../site-problem.js';
import { RegisterSite } from './register-site.command.js';

@CommandHandler(RegisterSite)
export class RegisterSiteHandler implements ICommandHandler<RegisterSite> {
  constructor(@Inject(SITE_DIRECTORY) private readonly sites: SiteDirectory) {}

  execute({ organizationId, site }: RegisterSite): Promise<Site> {
    return orSiteProblem(this.sites.create(organizationId, site));
  }
}
