import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import { SETTINGS, type Settings } from '../../settings.js';
import { Scripts } from '../scripts.js';
import { TestScript } from './test-script.command.js';

@CommandHandler(TestScript)
export class TestScriptHandler implements ICommandHandler<TestScript> {
  constructor(
    private readonly scripts: Scripts,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  execute({ caller, scriptId, ifVersions }: TestScript): Promise<ScheduledScript> {
    return this.scripts.decide(caller, scriptId, { type: 'request-test', ifVersions, windowMillis: this.settings.executionWindowMillis });
  }
}
