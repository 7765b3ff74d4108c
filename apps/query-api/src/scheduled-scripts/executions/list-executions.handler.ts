import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ListedExecution, Page, ReadModel } from '@scheduled-scripts/read-model';
import { VisibleScripts } from '../../visibility/visible-scripts.js';
import { READ_MODEL } from '../read-model.provider.js';
import { ListExecutions } from './list-executions.query.js';

@QueryHandler(ListExecutions)
export class ListExecutionsHandler implements IQueryHandler<ListExecutions> {
  constructor(
    private readonly scripts: VisibleScripts,
    @Inject(READ_MODEL) private readonly model: ReadModel,
  ) {}

  async execute(query: ListExecutions): Promise<Page<ListedExecution>> {
    const key = await this.scripts.existingKey(query);
    return this.model.executions({ ...key, ...query.page });
  }
}
