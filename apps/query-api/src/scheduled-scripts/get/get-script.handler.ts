import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ScheduledScriptView } from '@scheduled-scripts/contracts';
import type { ReadModel } from '@scheduled-scripts/read-model';
import { found, VisibleScripts } from '../../visibility/visible-scripts.js';
import { READ_MODEL } from '../read-model.provider.js';
import { GetScript } from './get-script.query.js';

@QueryHandler(GetScript)
export class GetScriptHandler implements IQueryHandler<GetScript> {
  constructor(
    private readonly scripts: VisibleScripts,
    @Inject(READ_MODEL) private readonly model: ReadModel,
  ) {}

  async execute(query: GetScript): Promise<ScheduledScriptView> {
    return found(await this.model.find(await this.scripts.key(query)));
  }
}
