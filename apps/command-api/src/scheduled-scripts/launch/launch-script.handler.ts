import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import { SETTINGS, type Settings } from '../../settings.js';
import { Scripts } from '../scripts.js';
import { LaunchScript } from './launch-script.command.js';

@CommandHandler(LaunchScript)
export class LaunchScriptHandler implements ICommandHandler<LaunchScript> {
  constructor(
    private readonly scripts: Scripts,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  execute({ caller, scriptId, ifVersions }: LaunchScript): Promise<ScheduledScript> {
    const { allowSelfAuthorization, executionWindowMillis: windowMillis } = this.settings;
    return this.scripts.decide(caller, scriptId, { type: 'launch-by-hand', ifVersions, allowSelfAuthorization, windowMillis });
  }
}
