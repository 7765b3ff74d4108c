import type { ExecutionPlace, ListedExecution, Page, PageSize } from '@scheduled-scripts/read-model';
import { ScriptQuery } from '../script.query.js';

export class ListExecutions extends ScriptQuery<Page<ListedExecution>> {
  constructor(
    organizationId: string,
    scriptId: string,
    minVersion: number | undefined,
    readonly after: ExecutionPlace | undefined,
    readonly size: PageSize,
  ) {
    super(organizationId, scriptId, minVersion);
  }
}
