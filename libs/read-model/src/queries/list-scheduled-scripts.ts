import type { ScheduledScriptView, ScriptStatus, Timestamp } from '@scheduled-scripts/contracts';
import type { Queryable, Row } from '@scheduled-scripts/postgres';
import { boundedPage, pageOf, type Candidates, type Page, type PageSize } from './page.js';
import { joinRollout, viewColumns, viewOf, type ViewColumns } from './scheduled-script.view.js';

export interface ScriptListQuery {
  readonly organizationId: string;
  readonly status?: ScriptStatus | undefined;
  readonly siteId?: string | undefined;
  /** Not before this instant. */
  readonly launchAfter?: Timestamp | undefined;
  /** Before this instant. */
  readonly launchBefore?: Timestamp | undefined;
  /** Only ids smaller than this one: where the page before ended. */
  readonly beforeId?: string | undefined;
  readonly size: PageSize;
}

/** Newest id first. Ids only grow, so that a walk over the pages meets each script once, whatever is created meanwhile. */
export const listScheduledScripts = async (db: Queryable, query: ScriptListQuery): Promise<Page<ScheduledScriptView>> => {
  const { text, parameters, name } = statementOf(query);
  const found = await db.query<ViewColumns & Candidates & Row>(text, parameters, name);
  return pageOf(found, query.size.rows, viewOf);
};

const filters = {
  status: (value: string) => `status = ${value}`,
  siteId: (value: string) => `sites @> ARRAY[${value}]`,
  launchAfter: (value: string) => `launch_at >= ${value}`,
  launchBefore: (value: string) => `launch_at < ${value}`,
  beforeId: (value: string) => `id < ${value}`,
} as const;
const filterNames = ['status', 'siteId', 'launchAfter', 'launchBefore', 'beforeId'] as const satisfies readonly (keyof typeof filters)[];

const statementOf = (query: ScriptListQuery) => {
  const { organizationId, size } = query;
  const used = filterNames.filter((filter) => query[filter] !== undefined);
  const conditions = ['organization_id = $1', ...used.map((filter, index) => filters[filter](`$${index + 4}`))];
  const source = `SELECT * FROM scheduled_scripts WHERE ${conditions.join(' AND ')} ORDER BY id DESC LIMIT $2`;
  return {
    text: `SELECT ${viewColumns}, s.candidates FROM ${boundedPage(source, 'plan_bytes', 'id DESC', 3)} s ${joinRollout} ORDER BY s.id DESC`,
    parameters: [organizationId, size.rows + 1, size.bytes, ...used.map((filter) => query[filter])],
    name: ['list-scripts', ...used].join(' '),
  };
};
