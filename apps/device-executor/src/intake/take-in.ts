import { causeOf, fromMessage, type MessageContent } from '@scheduled-scripts/contracts';
import type { Queryable } from '@scheduled-scripts/postgres';
import { executionList } from '../device-executor.tables.js';

export interface Intake {
  /** Events of types that this release does not know. */
  readonly unknown: number;
}

/** One batch of the topic of executions, in the caller's transaction: a row of work for each that is asked for; its lane is the site. */
export const takeIn = async (db: Queryable, messages: readonly MessageContent[]): Promise<Intake> => {
  const read = messages.map(fromMessage);
  const items = read.flatMap((one) =>
    one.kind === 'event' && one.event.type === 'site-execution.requested.v1'
      ? [{ id: one.event.data.executionId, lane: one.event.data.siteId, dueAt: one.at, payload: causeOf(one) }]
      : [],
  );
  if (items.length > 0) await executionList.add(db, items);
  return { unknown: read.filter(({ kind }) => kind === 'unknown').length };
};
