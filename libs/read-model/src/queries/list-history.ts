import type { HistoryEntryJson, Timestamp } from '@scheduled-scripts/contracts';
import type { Queryable, Row } from '@scheduled-scripts/postgres';
import type { ScriptKey } from './find-scheduled-script.js';
import { boundedPage, pageOf, type Candidates, type Page, type PageSize } from './page.js';

/** Where the page before ended. */
export interface HistoryPlace {
  readonly shownAt: string;
  readonly stream: string;
  readonly revision: number;
}

export interface HistoryQuery extends ScriptKey {
  readonly after?: HistoryPlace | undefined;
  readonly size: PageSize;
}

export type ListedEntry = HistoryEntryJson & { readonly place: HistoryPlace };

interface Columns extends HistoryPlace, Candidates, Omit<HistoryEntryJson, 'data' | 'at'> {
  readonly at: Timestamp;
  readonly data: string;
}

// Several processes write a stream, each by its own clock: its own order counts, and its latest time so far places it among the others.
const placed = `SELECT *, max(at) OVER (PARTITION BY stream ORDER BY revision) AS shown_at
  FROM script_history WHERE script_id = $1 AND organization_id = $2`;

/** Oldest first. */
export const listHistory = async (db: Queryable, { organizationId, scriptId, after, size }: HistoryQuery): Promise<Page<ListedEntry>> => {
  const order = 'shown_at, stream, revision';
  const source = `SELECT * FROM (${placed}) entry ${after ? `WHERE (${order}) > ($5, $6, $7)` : ''} ORDER BY ${order} LIMIT $3`;
  const found = await db.query<Columns & Row>(
    `SELECT type, at, by, data, shown_at AS "shownAt", stream, revision, candidates
     FROM ${boundedPage(source, 'data_bytes', order, 4)} page ORDER BY ${order}`,
    [scriptId, organizationId, size.rows + 1, size.bytes, ...(after ? [after.shownAt, after.stream, after.revision] : [])],
    after ? 'list-history-after' : 'list-history',
  );
  return pageOf(found, size.rows, ({ type, at, by, data, shownAt, stream, revision }) => ({
    type,
    at,
    by,
    data: JSON.parse(data) as HistoryEntryJson['data'],
    place: { shownAt, stream, revision },
  }));
};
