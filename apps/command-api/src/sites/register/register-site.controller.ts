import { Controller, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { defaultPortOf, scopes, siteRequests, type CreateSiteRequest } from '@scheduled-scripts/contracts';
import { LateBody } from '@scheduled-scripts/platform';
import type { FastifyReply } from 'fastify';
import { sendPresented } from '../../http/presented.js';
import { presentSite } from '../present-site.js';
import { RegisterSite } from './register-site.command.js';

@Controller('sites')
export class RegisterSiteController {
  constructor(private readonly commands: CommandBus) {}

  @Post()
  @RequireScope(scopes.manageSites)
  async register(
    @Caller() caller: Caller,
    @LateBody(siteRequests.create) body: LateBody<CreateSiteRequest>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const { tls_fingerprint: tlsFingerprint, ...given } = body();
    const site = { ...given, tlsFingerprint, port: given.port ?? defaultPortOf(given.tls) };
    sendPresented(reply, presentSite(await this.commands.execute(new RegisterSite(caller.organizationId, site)), 201));
  }
}
