import { Controller, Get, Param, Query, Req, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { pageQuery, scopes, type HistoryEntryJson, type PageQuery } from '@scheduled-scripts/contracts';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { decodeCursor } from '../../http/cursor.js';
import { MinVersion } from '../../http/min-version.decorator.js';
import { pageSize, sendPage } from '../../http/send-page.js';
import { ListHistory } from './list-history.query.js';

const place = z
  .tuple([z.iso.datetime(), z.string().max(100), z.int().min(0).max(2_147_483_647)])
  .transform(([shownAt, stream, revision]) => ({ shownAt, stream, revision }));

@Controller('scripts/scheduled')
export class ListHistoryController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id/history')
  @RequireScope(scopes.viewScripts)
  async list(
    @Caller() { organizationId }: Caller,
    @Param('id') id: string,
    @Query({ schema: pageQuery }) { cursor, limit }: PageQuery,
    @MinVersion() minVersion: number | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = await this.queries.execute(new ListHistory(organizationId, id, minVersion, decodeCursor(place, cursor), pageSize(limit)));
    await sendPage(request, reply, page, {
      json: ({ type, at, by, data }): HistoryEntryJson => ({ type, at, by, data }),
      place: ({ place: { shownAt, stream, revision } }) => [shownAt, stream, revision],
    });
  }
}
