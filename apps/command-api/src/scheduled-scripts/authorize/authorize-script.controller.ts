import { Controller, Param, Post, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes } from '@scheduled-scripts/contracts';
import type { FastifyReply } from 'fastify';
import { IfMatch } from '../../http/if-match.decorator.js';
import { sendPresented } from '../../http/presented.js';
import { Summaries } from '../../summaries/summaries.js';
import { presentScript } from '../present-script.js';
import { AuthorizeScript } from './authorize-script.command.js';

@Controller('scripts/scheduled')
export class AuthorizeScriptController {
  constructor(
    private readonly commands: CommandBus,
    private readonly summaries: Summaries,
  ) {}

  @Post(':id/authorize')
  @RequireScope(scopes.authorizeScripts)
  async authorize(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @IfMatch() ifVersions: readonly number[] | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const authorize = this.commands.execute(new AuthorizeScript(caller, id, ifVersions));
    const [script, latestSummary] = await Promise.all([authorize, this.summaries.latest(id)]);
    sendPresented(reply, presentScript(script, 200, latestSummary));
  }
}
