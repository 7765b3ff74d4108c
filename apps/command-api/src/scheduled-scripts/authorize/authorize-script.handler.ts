import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import { SETTINGS, type Settings } from '../../settings.js';
import { Scripts } from '../scripts.js';
import { AuthorizeScript } from './authorize-script.command.js';

@CommandHandler(AuthorizeScript)
export class AuthorizeScriptHandler implements ICommandHandler<AuthorizeScript> {
  constructor(
    private readonly scripts: Scripts,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  execute({ caller, scriptId, ifVersions }: AuthorizeScript): Promise<ScheduledScript> {
    const { allowSelfAuthorization } = this.settings;
    return this.scripts.decide(caller, scriptId, { type: 'authorize', ifVersions, allowSelfAuthorization, authorizationId: null });
  }
}
