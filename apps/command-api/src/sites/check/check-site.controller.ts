import { Controller, HttpCode, HttpStatus, Param, Post } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { Caller, RequireScope } from '@scheduled-scripts/auth';
import { scopes, type SiteCheckJson } from '@scheduled-scripts/contracts';
import { CheckSite } from './check-site.command.js';

@Controller('sites')
export class CheckSiteController {
  constructor(private readonly commands: CommandBus) {}

  @Post(':id/check')
  @HttpCode(HttpStatus.OK)
  @RequireScope(scopes.manageSites)
  check(@Caller() caller: Caller, @Param('id') id: string): Promise<SiteCheckJson> {
    return this.commands.execute(new CheckSite(caller.organizationId, id));
  }
}
