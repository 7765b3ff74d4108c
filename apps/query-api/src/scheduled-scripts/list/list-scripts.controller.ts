import { Controller, Get, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import {
  scheduledScriptJson,
  scheduledScriptListQuery,
  scopes,
  type ScheduledScriptListQuery,
  type ScheduledScriptView,
} from '@scheduled-scripts/contracts';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { askedPage, sendPage } from '../../http/send-page.js';
import { ListScripts } from './list-scripts.query.js';

const form = {
  cursorOf: ({ id }: ScheduledScriptView) => [id],
  cursor: z.tuple([z.guid()]).transform(([id]) => id),
};

@Controller('scripts/scheduled')
export class ListScriptsController {
  constructor(private readonly queries: QueryBus) {}

  @Get()
  @RequireScope(scopes.viewScripts)
  async list(
    @Caller() { organizationId }: Caller,
    @Query({ schema: scheduledScriptListQuery }) query: ScheduledScriptListQuery,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { after, size } = askedPage(query, form);
    const page = await this.queries.execute(
      new ListScripts({
        organizationId,
        status: query.status,
        siteId: query.site,
        launchAfter: query.launch_after,
        launchBefore: query.launch_before,
        beforeId: after,
        size,
      }),
    );
    const now = Date.now();
    await sendPage(reply, page, { ...form, json: (view) => scheduledScriptJson(view, now) });
  }
}
