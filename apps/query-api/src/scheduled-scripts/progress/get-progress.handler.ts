import { Inject } from '@nestjs/common';
import { QueryHandler, type IQueryHandler } from '@nestjs/cqrs';
import type { Progress } from '@scheduled-scripts/contracts';
import type { ReadModel } from '@scheduled-scripts/read-model';
import { found, VisibleScripts } from '../../visibility/visible-scripts.js';
import { READ_MODEL } from '../read-model.provider.js';
import { GetProgress } from './get-progress.query.js';

@QueryHandler(GetProgress)
export class GetProgressHandler implements IQueryHandler<GetProgress> {
  constructor(
    private readonly scripts: VisibleScripts,
    @Inject(READ_MODEL) private readonly model: ReadModel,
  ) {}

  async execute(query: GetProgress): Promise<Progress> {
    return found(await this.model.progress(await this.scripts.key(query)));
  }
}
