import { Controller, Delete, HttpCode, HttpStatus, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes } from '@scheduled-scripts/contracts';
import { IfMatch } from '../../http/if-match.decorator.js';
import { CancelScript } from './cancel-script.command.js';

@Controller('scripts/scheduled')
export class CancelScriptController {
  constructor(private readonly commands: CommandBus) {}

  @Delete(':id')
  @HttpCode(HttpStatus.NO_CONTENT)
  @RequireScope(scopes.deleteScripts)
  async cancel(@Caller() caller: Caller, @Param('id') id: string, @IfMatch() ifVersions: readonly number[] | undefined): Promise<void> {
    await this.commands.execute(new CancelScript(caller, id, ifVersions));
  }
}
