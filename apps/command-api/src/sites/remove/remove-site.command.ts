import { Command } from '@nestjs/cqrs';

export class RemoveSite extends Command<void> {
  constructor(
    readonly organizationId: string,
    readonly siteId: string,
    readonly ifVersions: readonly number[] | undefined,
  ) {
    super();
  }
}
