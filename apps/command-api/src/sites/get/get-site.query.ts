import { Query } from '@nestjs/cqrs';
import type { Site } from '@scheduled-scripts/site-directory';

export class GetSite extends Query<Site> {
  constructor(
    readonly organizationId: string,
    readonly siteId: string,
  ) {
    super();
  }
}
