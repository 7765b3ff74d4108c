import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { isSiteId, pageQuery, scopes, siteExecutionJson, type PageQuery } from '@scheduled-scripts/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { decodeCursor } from '../../http/cursor.js';
import { MinVersion } from '../../http/min-version.decorator.js';
import { pageSize, sendPage } from '../../http/send-page.js';
import { ListExecutions } from './list-executions.query.js';

const place = z
  .tuple([z.string().refine(isSiteId), z.iso.datetime(), z.guid()])
  .transform(([siteId, requestedAt, id]) => ({ siteId, requestedAt, id }));

@Controller('scripts/scheduled')
export class ListExecutionsController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id/executions')
  @RequireScope(scopes.viewScripts)
  async list(
    @Caller() { organizationId }: Caller,
    @Param('id') id: string,
    @Query({ schema: pageQuery }) { cursor, limit }: PageQuery,
    @MinVersion() minVersion: number | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = await this.queries.execute(
      new ListExecutions(organizationId, id, minVersion, decodeCursor(place, cursor), pageSize(limit)),
    );
    await sendPage(request, reply, page, { json: siteExecutionJson, place: (run) => [run.siteId, run.requestedAt, run.id] });
  }
}
