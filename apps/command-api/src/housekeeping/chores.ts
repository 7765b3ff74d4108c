import type { ScheduledScripts } from '@scheduled-scripts/event-store';
import type { Database } from '@scheduled-scripts/postgres';
import { reencryptCredentials, type KeyRing, type SiteDirectory } from '@scheduled-scripts/site-directory';
import type { IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { isOver } from '../scheduled-scripts/site-use.js';
import type { Chore } from './housekeeping.worker.js';

export interface ChoresOptions {
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly keys: IdempotencyKeys;
  readonly sites: SiteDirectory;
  readonly scripts: ScheduledScripts;
}

export const chores = ({ database, keyRing, keys, sites, scripts }: ChoresOptions): Readonly<Record<string, Chore>> => ({
  forgetIdempotencyKeys: () => keys.sweep(),
  /** Of scripts that are over, or never came to be. */
  forgetSiteReservations: (stopping) =>
    sites.pruneUses(async ({ scriptId }) => {
      if (stopping.aborted) return false;
      const script = await scripts.load(scriptId);
      return script === null || isOver(script);
    }),
  /** The second half of a change of keys; afterwards the old key may go. */
  reencryptCredentials: () => reencryptCredentials(database, keyRing),
});
