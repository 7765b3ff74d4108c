import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import { Scripts } from '../scripts.js';
import { CancelScript } from './cancel-script.command.js';

@CommandHandler(CancelScript)
export class CancelScriptHandler implements ICommandHandler<CancelScript> {
  constructor(private readonly scripts: Scripts) {}

  execute({ caller, scriptId, ifVersions }: CancelScript): Promise<ScheduledScript> {
    return this.scripts.decide(caller, scriptId, { type: 'cancel', ifVersions });
  }
}
