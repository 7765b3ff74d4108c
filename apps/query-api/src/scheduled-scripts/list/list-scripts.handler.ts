import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ScheduledScriptView } from '@scheduled-scripts/contracts';
import type { Page, ReadModel } from '@scheduled-scripts/read-model';
import { READ_MODEL } from '../read-model.provider.js';
import { ListScripts } from './list-scripts.query.js';

@QueryHandler(ListScripts)
export class ListScriptsHandler implements IQueryHandler<ListScripts> {
  constructor(@Inject(READ_MODEL) private readonly model: ReadModel) {}

  execute({ wanted }: ListScripts): Promise<Page<ScheduledScriptView>> {
    return this.model.list(wanted);
  }
}
