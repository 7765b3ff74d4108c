import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { isSiteId, pageQuery, scopes, siteExecutionJson, type PageQuery } from '@scheduled-scripts/contracts';
import type { ExecutionPlace, ListedExecution } from '@scheduled-scripts/read-model';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { MinVersion } from '../../http/min-version.decorator.js';
import { askedPage, sendPage } from '../../http/send-page.js';
import { ListExecutions } from './list-executions.query.js';

const form = {
  json: siteExecutionJson,
  cursorOf: ({ siteId, requestedAt, id }: ListedExecution) => [siteId, requestedAt, id],
  cursor: z
    .tuple([z.string().refine(isSiteId), z.iso.datetime(), z.guid()])
    .transform(([siteId, requestedAt, id]): ExecutionPlace => ({ siteId, requestedAt, id })),
};

@Controller('scripts/scheduled')
export class ListExecutionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id/executions')
  @RequireScope(scopes.viewScripts)
  async list(
    @Caller() { organizationId }: Caller,
    @Param('id') id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
    @MinVersion() minVersion: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = await this.queries.execute(new ListExecutions(organizationId, id, minVersion, askedPage(query, form)));
    await sendPage(reply, page, form);
  }
}
