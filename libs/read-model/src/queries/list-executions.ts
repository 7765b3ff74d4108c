import type { SiteExecutionView } from '@scheduled-scripts/contracts';
import type { Queryable, Row } from '@scheduled-scripts/postgres';
import type { ScriptKey } from './find-scheduled-script.js';
import type { Page, PageSize } from './page.js';

/** Where the page before ended. None of the three ever changes in a row. */
export interface ExecutionPlace {
  readonly siteId: string;
  readonly requestedAt: string;
  readonly id: string;
}

export interface ExecutionListQuery extends ScriptKey {
  readonly after?: ExecutionPlace | undefined;
  readonly size: PageSize;
}

export type ListedExecution = SiteExecutionView & Pick<ExecutionPlace, 'requestedAt'>;

/** What `SiteExecutionView` needs, and the place in the list. */
export const viewColumns = `id, site_id AS "siteId", kind, requested_at AS "requestedAt", state, reason, message, started_at AS "startedAt",
  finished_at AS "finishedAt", backup`;

/** By site, and the runs at one site in their order. */
export const listExecutions = async (db: Queryable, query: ExecutionListQuery): Promise<Page<ListedExecution>> => {
  const { organizationId, scriptId, after, size } = query;
  // The largest row is far from the bound of bytes, and a page of them too.
  const found = await db.query<ListedExecution & Row>(
    `SELECT ${viewColumns} FROM site_executions WHERE script_id = $1 AND organization_id = $2
       ${after ? 'AND (site_id, requested_at, id) > ($4, $5, $6)' : ''}
     ORDER BY site_id, requested_at, id LIMIT $3`,
    [scriptId, organizationId, size.rows + 1, ...(after ? [after.siteId, after.requestedAt, after.id] : [])],
    after ? 'list-executions-after' : 'list-executions',
  );
  return { items: found.slice(0, size.rows), more: found.length > size.rows };
};

export const findExecution = async (
  db: Queryable,
  { organizationId, scriptId, executionId }: ScriptKey & { readonly executionId: string },
): Promise<SiteExecutionView | null> => {
  const [row] = await db.query<ListedExecution & Row>(
    `SELECT ${viewColumns} FROM site_executions WHERE id = $1 AND script_id = $2 AND organization_id = $3`,
    [executionId, scriptId, organizationId],
    'find-execution',
  );
  return row ?? null;
};
