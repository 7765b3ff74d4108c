import { Controller, Get, Query, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { isSiteId, limits, pageQuery, problem, scopes, type PageQuery, type SiteJson } from '@scheduled-scripts/contracts';
import { ApiError } from '@scheduled-scripts/platform';
import type { FastifyReply } from 'fastify';
import { siteJson } from '../site-json.js';
import { ListSites } from './list-sites.query.js';

@Controller('sites')
export class ListSitesController {
  constructor(private readonly queries: QueryBus) {}

  /** A bare array, as every list of the API; the way to the next page is in a header. */
  @Get()
  @RequireScope(scopes.viewSites)
  async list(
    @Caller() caller: Caller,
    @Query({ schema: pageQuery }) { limit = limits.pageRows, cursor }: PageQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<readonly SiteJson[]> {
    // Where a page begins is the id before it: anything else was never in a Link header of ours.
    if (cursor !== undefined && !isSiteId(cursor)) {
      throw new ApiError(
        problem('parameter_invalid', { param: 'cursor', message: 'cursor: must be taken from the Link header of this list' }),
      );
    }
    const { sites, next } = await this.queries.execute(new ListSites(caller.organizationId, limit, cursor));
    reply.header('Cache-Control', 'private, no-cache');
    if (next !== null)
      reply.header('Link', `</sites?${new URLSearchParams({ limit: String(limit), cursor: next }).toString()}>; rel="next"`);
    return sites.map(siteJson);
  }
}
