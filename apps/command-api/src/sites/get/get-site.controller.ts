import { Controller, Get, Headers, HttpStatus, Param, Res } from '@nestjs/common';
import { QueryBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { isNoneMatch, scopes } from '@scheduled-scripts/contracts';
import type { FastifyReply } from 'fastify';
import { sendPresented } from '../../http/presented.js';
import { presentSite } from '../present-site.js';
import { siteEntityTag } from '../site-json.js';
import { GetSite } from './get-site.query.js';

@Controller('sites')
export class GetSiteController {
  constructor(private readonly queries: QueryBus) {}

  @Get(':id')
  @RequireScope(scopes.viewSites)
  async get(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @Headers('if-none-match') ifNoneMatch: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const site = await this.queries.execute(new GetSite(caller.organizationId, id));
    const entityTag = siteEntityTag(site);
    void reply.header('Cache-Control', 'private, no-cache');
    if (isNoneMatch(ifNoneMatch, entityTag)) void reply.code(HttpStatus.NOT_MODIFIED).header('ETag', entityTag).send();
    else sendPresented(reply, presentSite(site, 200));
  }
}
