import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { ListedEntry, Page, ReadModel } from '@scheduled-scripts/read-model';
import { VisibleScripts } from '../../visibility/visible-scripts.js';
import { READ_MODEL } from '../read-model.provider.js';
import { ListHistory } from './list-history.query.js';

@QueryHandler(ListHistory)
export class ListHistoryHandler implements IQueryHandler<ListHistory> {
  constructor(
    private readonly scripts: VisibleScripts,
    @Inject(READ_MODEL) private readonly model: ReadModel,
  ) {}

  async execute(query: ListHistory): Promise<Page<ListedEntry>> {
    const key = await this.scripts.existingKey(query);
    return this.model.history({ ...key, ...query.page });
  }
}
