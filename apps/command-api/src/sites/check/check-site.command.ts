import { Command } from '@nestjs/cqrs';
import type { SiteCheckJson } from '@scheduled-scripts/contracts';

export class CheckSite extends Command<SiteCheckJson> {
  constructor(
    readonly organizationId: string,
    readonly siteId: string,
  ) {
    super();
  }
}
