import { Controller, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes } from '@scheduled-scripts/contracts';
import { IfMatch } from '../../http/if-match.decorator.js';
import { LaunchScript } from './launch-script.command.js';

@Controller('scripts/scheduled')
export class LaunchScriptController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':id/launch')
  @HttpCode(HttpStatus.ACCEPTED)
  @RequireScope(scopes.authorizeScripts)
  async launch(@Caller() caller: Caller, @Param('id') id: string, @IfMatch() ifVersions: readonly number[] | undefined): Promise<void> {
    await this.commands.execute(new LaunchScript(caller, id, ifVersions));
  }
}
