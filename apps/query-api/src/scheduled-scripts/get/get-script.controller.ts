import { Controller, Get, Headers, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { entityTagOf, scheduledScriptJson, scopes } from '@scheduled-scripts/contracts';
import type { FastifyReply } from 'fastify';
import { MinVersion } from '../../http/min-version.decorator.js';
import { sendTagged } from '../../http/send-tagged.js';
import { GetScript } from './get-script.query.js';

@Controller('scripts/scheduled')
export class GetScriptController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id')
  @RequireScope(scopes.viewScripts)
  async get(
    @Caller() { organizationId }: Caller,
    @Param('id') id: string,
    @MinVersion() minVersion: number | undefined,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const view = await this.queries.execute(new GetScript(organizationId, id, minVersion));
    const resource = scheduledScriptJson(view, Date.now());
    await sendTagged(reply, ifNoneMatch, {
      entityTag: entityTagOf(view.version, resource),
      mediaType: 'application/json; charset=utf-8',
      body: JSON.stringify(resource),
    });
  }
}
