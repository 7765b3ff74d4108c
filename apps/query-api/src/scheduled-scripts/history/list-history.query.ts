import type { HistoryPlace, ListedEntry, Page, PageSize } from '@scheduled-scripts/read-model';
import { ScriptQuery } from '../script.query.js';

export class ListHistory extends ScriptQuery<Page<ListedEntry>> {
  constructor(
    organizationId: string,
    scriptId: string,
    minVersion: number | undefined,
    readonly after: HistoryPlace | undefined,
    readonly size: PageSize,
  ) {
    super(organizationId, scriptId, minVersion);
  }
}
