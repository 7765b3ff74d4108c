import { Command } from '@nestjs/cqrs';
import type { NewSite, Site } from '@scheduled-scripts/site-directory';

export class RegisterSite extends Command<Site> {
  constructor(
    readonly organizationId: string,
    readonly site: NewSite,
  ) {
    super();
  }
}
