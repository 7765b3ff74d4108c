import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ScheduledScripts } from '@scheduled-scripts/event-store';
import type { SiteDirectory } from '@scheduled-scripts/site-directory';
import { siteUseOf } from '../../scheduled-scripts/site-use.js';
import { SCRIPT_REPOSITORY } from '../../scheduled-scripts/script-repository.provider.js';
import { SITE_DIRECTORY } from '../site-directory.provider.js';
import { orSiteProblem } from '../site-problem.js';
import { RemoveSite } from './remove-site.command.js';

@CommandHandler(RemoveSite)
export class RemoveSiteHandler implements ICommandHandler<RemoveSite> {
  constructor(
    @Inject(SITE_DIRECTORY) private readonly sites: SiteDirectory,
    @Inject(SCRIPT_REPOSITORY) private readonly scripts: ScheduledScripts,
  ) {}

  execute({ organizationId, siteId, ifVersions }: RemoveSite): Promise<void> {
    const useOf = async (use: { readonly scriptId: string }) => siteUseOf(await this.scripts.load(use.scriptId), siteId);
    return orSiteProblem(this.sites.remove(organizationId, siteId, { ifVersions, useOf }));
  }
}
