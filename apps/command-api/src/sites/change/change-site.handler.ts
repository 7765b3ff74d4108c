import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { defaultPortOf } from '@scheduled-scripts/contracts';
import { SiteRefusal, type Site, type SiteDirectory } from '@scheduled-scripts/site-directory';
import { SITE_DIRECTORY } from '../site-directory.provider.js';
import { orSiteProblem } from '../site-problem.js';
import { ChangeSite } from './change-site.command.js';

@CommandHandler(ChangeSite)
export class ChangeSiteHandler implements ICommandHandler<ChangeSite> {
  constructor(@Inject(SITE_DIRECTORY) private readonly sites: SiteDirectory) {}

  execute(command: ChangeSite): Promise<Site> {
    return orSiteProblem(this.change(command));
  }

  private async change({ organizationId, siteId, ifVersions, change }: ChangeSite): Promise<Site> {
    const site = await this.sites.get(organizationId, siteId);
    if (site === null) throw new SiteRefusal('site_not_found');
    if (ifVersions !== undefined && !ifVersions.includes(site.version)) throw new SiteRefusal('revision_mismatch');
    return this.sites.update(organizationId, siteId, change(), { ifVersions, portOf: defaultPortOf });
  }
}
