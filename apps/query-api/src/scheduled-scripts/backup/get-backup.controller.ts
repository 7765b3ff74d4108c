import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes } from '@scheduled-scripts/contracts';
import type { FastifyReply } from 'fastify';
import { MinVersion } from '../../http/min-version.decorator.js';
import { sendTagged } from '../../http/send-tagged.js';
import { GetBackup } from './get-backup.query.js';

@Controller('scripts/scheduled')
export class GetBackupController {
  constructor(private readonly queries: QueryBus) {}

  /** A configuration may hold secrets, so that seeing scripts is not enough. */
  @Get(':id/executions/:executionId/backup')
  @RequireScope(scopes.viewSites)
  async backup(
    @Caller() { organizationId }: Caller,
    @Param('id') id: string,
    @Param('executionId') executionId: string,
    @MinVersion() minVersion: number | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { text, sha256 } = await this.queries.execute(new GetBackup(organizationId, id, minVersion, executionId));
    await sendTagged(reply, ifNoneMatch, { entityTag: `"${sha256}"`, mediaType: 'text/plain', body: text });
  }
}
