import { Query } from '@nestjs/cqrs';
import type { Site } from '@scheduled-scripts/site-directory';

export interface SitePage {
  readonly sites: readonly Site[];
  /** Where the next page begins; null at the end. */
  readonly next: string | null;
}

export class ListSites extends Query<SitePage> {
  constructor(
    readonly organizationId: string,
    readonly limit: number,
    readonly cursor: string | undefined,
  ) {
    super();
  }
}
