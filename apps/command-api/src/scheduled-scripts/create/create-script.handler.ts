import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import type { ScheduledScript } from '@scheduled-scripts/domain';
import { SETTINGS, type Settings } from '../../settings.js';
import { newPlan } from '../script-plan.js';
import { Scripts } from '../scripts.js';
import { CreateScript } from './create-script.command.js';

@CommandHandler(CreateScript)
export class CreateScriptHandler implements ICommandHandler<CreateScript> {
  constructor(
    private readonly scripts: Scripts,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async execute({ caller, reserved, request }: CreateScript): Promise<ScheduledScript> {
    const made = reserved.isRepeat ? await this.scripts.find(caller, reserved.id) : null;
    if (made) return made;
    const plan = newPlan(request, this.settings.maximumSites);
    const command = { type: 'create', scriptId: reserved.id, organizationId: caller.organizationId, plan } as const;
    this.scripts.rehearse(caller, null, command);
    return this.scripts.create(caller, command);
  }
}
