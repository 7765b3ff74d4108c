import { Controller, Get, Header, HttpCode, HttpStatus, Param } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes } from '@scheduled-scripts/contracts';
import { NoHead } from '@scheduled-scripts/platform';
import { IfMatch } from '../../http/if-match.decorator.js';
import { RequestAuthorization } from './request-authorization.command.js';

@Controller('scripts/scheduled')
export class RequestAuthorizationController {
  constructor(private readonly commands: CommandBus) {}

  /** A GET that does something, as the API has always had it: never from a cache, and never by HEAD. */
  @Get(':id/authorize')
  @NoHead()
  @HttpCode(HttpStatus.ACCEPTED)
  @Header('Cache-Control', 'no-store')
  @RequireScope(scopes.updateScripts)
  async request(@Caller() caller: Caller, @Param('id') id: string, @IfMatch() ifVersions: readonly number[] | undefined): Promise<void> {
    await this.commands.execute(new RequestAuthorization(caller, id, ifVersions));
  }
}
