import { Controller, Param, Put, Res } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes, scriptRequests, type ReviseScriptRequest } from '@scheduled-scripts/contracts';
import { LateBody } from '@scheduled-scripts/platform';
import type { FastifyReply } from 'fastify';
import { IfMatch } from '../../http/if-match.decorator.js';
import { sendPresented } from '../../http/presented.js';
import { Summaries } from '../../summaries/summaries.js';
import { presentScript } from '../present-script.js';
import { ReviseScript } from './revise-script.command.js';

@Controller('scripts/scheduled')
export class ReviseScriptController {
  constructor(
    private readonly commands: CommandBus,
    private readonly summaries: Summaries,
  ) {}

  @Put(':id')
  @RequireScope(scopes.updateScripts)
  async revise(
    @Caller() caller: Caller,
    @Param('id') id: string,
    @IfMatch() ifVersions: readonly number[] | undefined,
    @LateBody(scriptRequests.revise) body: LateBody<ReviseScriptRequest>,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const revise = this.commands.execute(new ReviseScript(caller, id, ifVersions, body));
    const [script, latestSummary] = await Promise.all([revise, this.summaries.latest(id)]);
    sendPresented(reply, presentScript(script, 200, latestSummary));
  }
}
