import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import { Scripts } from '../scripts.js';
import { AbortRollout } from './abort-rollout.command.js';

@CommandHandler(AbortRollout)
export class AbortRolloutHandler implements ICommandHandler<AbortRollout> {
  constructor(private readonly scripts: Scripts) {}

  execute({ caller, scriptId, ifVersions }: AbortRollout): Promise<ScheduledScript> {
    return this.scripts.decide(caller, scriptId, { type: 'abort-rollout', ifVersions });
  }
}
