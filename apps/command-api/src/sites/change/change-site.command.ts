import { Command } from '@nestjs/cqrs';
import type { Site, SiteChange } from '@scheduled-scripts/site-directory';

export class ChangeSite extends Command<Site> {
  constructor(
    readonly organizationId: string,
    readonly siteId: string,
    readonly ifVersions: readonly number[] | undefined,
    /** What the body means; throws the 422 that comes after 404 and 412. */
    readonly change: () => SiteChange,
  ) {
    super();
  }
}
