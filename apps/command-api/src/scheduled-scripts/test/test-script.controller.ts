import { Controller, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes } from '@scheduled-scripts/contracts';
import { IfMatch } from '../../http/if-match.decorator.js';
import { TestScript } from './test-script.command.js';

@Controller('scripts/scheduled')
export class TestScriptController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':id/test')
  @HttpCode(HttpStatus.ACCEPTED)
  @RequireScope(scopes.updateScripts)
  async test(@Caller() caller: Caller, @Param('id') id: string, @IfMatch() ifVersions: readonly number[] | undefined): Promise<void> {
    await this.commands.execute(new TestScript(caller, id, ifVersions));
  }
}
