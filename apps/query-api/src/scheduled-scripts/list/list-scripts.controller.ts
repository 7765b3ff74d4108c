import { Controller, Get, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scheduledScriptJson, scheduledScriptListQuery, scopes, type ScheduledScriptListQuery } from '@scheduled-scripts/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { decodeCursor } from '../../http/cursor.js';
import { pageSize, sendPage } from '../../http/send-page.js';
import { ListScripts } from './list-scripts.query.js';

const place = z.tuple([z.guid()]);

@Controller('scripts/scheduled')
export class ListScriptsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @RequireScope(scopes.viewScripts)
  async list(
    @Caller() { organizationId }: Caller,
    @Query({ schema: scheduledScriptListQuery }) query: ScheduledScriptListQuery,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = await this.queries.execute(
      new ListScripts({
        organizationId,
        status: query.status,
        siteId: query.site,
        launchAfter: query.launch_after,
        launchBefore: query.launch_before,
        beforeId: decodeCursor(place, query.cursor)?.[0],
        size: pageSize(query.limit),
      }),
    );
    const now = Date.now();
    await sendPage(request, reply, page, { json: (view) => scheduledScriptJson(view, now), place: ({ id }) => [id] });
  }
}
