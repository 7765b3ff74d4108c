import { Inject } from '@nestjs/common';
import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { asTimestamp, type ScheduledScript } from '@scheduled-scripts/domain';
import { SETTINGS, type Settings } from '../../settings.js';
import { revisedPlan } from '../script-plan.js';
import { Scripts } from '../scripts.js';
import { ReviseScript } from './revise-script.command.js';

const someDay = asTimestamp('9999-12-31T23:59:59.999999Z');

@CommandHandler(ReviseScript)
export class ReviseScriptHandler implements ICommandHandler<ReviseScript> {
  constructor(
    private readonly scripts: Scripts,
    @Inject(SETTINGS) private readonly settings: Settings,
  ) {}

  async execute({ caller, scriptId, request, ifVersions }: ReviseScript): Promise<ScheduledScript> {
    const prepared = await this.scripts.prepare(caller, scriptId);
    const script = prepared.state;
    // With a plan that nothing is wrong with: 412 and 409 come before whatever the body means.
    this.scripts.rehearse(caller, script, { type: 'revise', ifVersions, plan: { ...script, launchAt: someDay } });
    const command = { type: 'revise', ifVersions, plan: revisedPlan(request(), this.settings.maximumSites) } as const;
    this.scripts.rehearse(caller, script, command);
    return this.scripts.revise(caller, command, prepared);
  }
}
