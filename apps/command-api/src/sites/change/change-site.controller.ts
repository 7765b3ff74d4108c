import { Controller, Param, Patch, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes, siteRequests, type ChangeSiteRequest } from '@scheduled-scripts/contracts';
import { LateBody } from '@scheduled-scripts/platform';
import type { FastifyReply } from 'fastify';
import { IfMatch } from '../../http/if-match.decorator.js';
import { sendPresented } from '../../http/presented.js';
import { presentSite } from '../present-site.js';
import { ChangeSite } from './change-site.command.js';

@Controller('sites')
export class ChangeSiteController {
  constructor(private readonly commands: CommandBus) {}

  @Patch(':id')
  @RequireScope(scopes.manageSites)
  async change(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @IfMatch() ifVersions: readonly number[] | undefined,
    @LateBody(siteRequests.change) body: LateBody<ChangeSiteRequest>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const change = () => {
      const { tls_fingerprint: tlsFingerprint, ...given } = body();
      return { ...given, tlsFingerprint };
    };
    const site = await this.commands.execute(new ChangeSite(caller.organizationId, id, ifVersions, change));
    sendPresented(reply, presentSite(site, 200));
  }
}
