import { textArray, uuidArray, type Database } from '@scheduled-scripts/postgres';
import { isOld } from './reserved-at.js';

/** A change of a script, from the reservation of its sites until its append has been decided. */
export interface OpenChange {
  readonly organizationId: string;
  readonly scriptId: string;
  readonly change: string;
}

const mostAtOnce = 1_000;

/**
 * Closes changes that have been decided, those that come together with one statement. Nobody waits for it, and one that fails to be
 * closed keeps its sites for a minute.
 */
export class ClosingQueue {
  private waiting: OpenChange[] = [];
  private isFlushing = false;

  constructor(private readonly database: Database) {}

  add(change: OpenChange): void {
    this.waiting.push(change);
    if (this.isFlushing) return;
    this.isFlushing = true;
    setImmediate(() => void this.drain());
  }

  private async drain(): Promise<void> {
    while (this.waiting.length > 0) await this.close(this.waiting.splice(0, mostAtOnce)).catch(() => undefined);
    this.isFlushing = false;
  }

  private close(changes: readonly OpenChange[]): Promise<unknown> {
    return this.database.query(
      `DELETE FROM site_directory.open_changes WHERE (organization_id, script_id, change) IN
         (SELECT * FROM unnest($1::text[], $2::uuid[], $3::uuid[]))`,
      [
        textArray(changes.map(({ organizationId }) => organizationId)),
        uuidArray(changes.map(({ scriptId }) => scriptId)),
        uuidArray(changes.map(({ change }) => change)),
      ],
      'close-changes',
    );
  }
}

/** Those of requests that never came to their end. */
export const pruneOpenChanges = (database: Database): Promise<unknown> =>
  database.query(`DELETE FROM site_directory.open_changes WHERE ${isOld('open_changes')}`);
