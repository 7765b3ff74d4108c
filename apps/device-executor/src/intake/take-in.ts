import { causeOf, fromMessage, type MessageContent } from '@scheduled-scripts/contracts';
import type { Queryable } from '@scheduled-scripts/postgres';
import { executionList } from '../device-executor.tables.js';

/** One row of work for each execution that is asked for; its lane is the site. Answers how many are new. */
export const takeIn = async (db: Queryable, messages: readonly MessageContent[]): Promise<number> => {
  const items = messages
    .map(fromMessage)
    .flatMap((read) =>
      read.kind === 'event' && read.event.type === 'site-execution.requested.v1'
        ? [{ id: read.event.data.executionId, lane: read.event.data.siteId, dueAt: read.at, payload: causeOf(read) }]
        : [],
    );
  return items.length === 0 ? 0 : (await executionList.add(db, items)).length;
};
