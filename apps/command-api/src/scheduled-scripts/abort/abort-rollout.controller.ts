import { Controller, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes } from '@scheduled-scripts/contracts';
import { IfMatch } from '../../http/if-match.decorator.js';
import { AbortRollout } from './abort-rollout.command.js';

@Controller('scripts/scheduled')
export class AbortRolloutController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':id/abort')
  @HttpCode(HttpStatus.ACCEPTED)
  @RequireScope(scopes.deleteScripts)
  async abort(@Caller() caller: Caller, @Param('id') id: string, @IfMatch() ifVersions: readonly number[] | undefined): Promise<void> {
    await this.commands.execute(new AbortRollout(caller, id, ifVersions));
  }
}
