import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { pageQuery, scopes, type HistoryEntryJson, type PageQuery } from '@scheduled-scripts/contracts';
import type { HistoryPlace, ListedEntry } from '@scheduled-scripts/read-model';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { MinVersion } from '../../http/min-version.decorator.js';
import { askedPage, sendPage } from '../../http/send-page.js';
import { ListHistory } from './list-history.query.js';

const form = {
  json: ({ type, at, by, data }: ListedEntry): HistoryEntryJson => ({ type, at, by, data }),
  cursorOf: ({ place: { shownAt, stream, revision } }: ListedEntry) => [shownAt, stream, revision],
  cursor: z
    .tuple([z.iso.datetime(), z.string().max(100), z.int().min(0).max(2_147_483_647)])
    .transform(([shownAt, stream, revision]): HistoryPlace => ({ shownAt, stream, revision })),
};

@Controller('scripts/scheduled')
export class ListHistoryController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id/history')
  @RequireScope(scopes.viewScripts)
  async list(
    @Caller() { organizationId }: Caller,
    @Param('id') id: string,
    @Query({ schema: pageQuery }) query: PageQuery,
    @MinVersion() minVersion: number | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const page = await this.queries.execute(new ListHistory(organizationId, id, minVersion, askedPage(query, form)));
    await sendPage(reply, page, form);
  }
}
