import type { ScheduledScripts } from '@scheduled-scripts/event-store';
import type { Chore, Logger } from '@scheduled-scripts/platform';
import type { Database } from '@scheduled-scripts/postgres';
import { reencryptCredentials, type KeyRing, type SiteDirectory } from '@scheduled-scripts/site-directory';
import type { IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { isOver } from '../scheduled-scripts/site-use.js';

export interface ChoresOptions {
  readonly database: Database;
  readonly keyRing: KeyRing;
  readonly keys: IdempotencyKeys;
  readonly sites: SiteDirectory;
  readonly scripts: ScheduledScripts;
  readonly logger: Logger;
}

export const chores = ({ database, keyRing, keys, sites, scripts, logger }: ChoresOptions): Readonly<Record<string, Chore>> => ({
  forgetIdempotencyKeys: () => keys.sweep(),
  /** Of scripts that are over, or never came to be. */
  forgetSiteReservations: (stopping) =>
    sites.pruneUses(async ({ scriptId }) => {
      if (stopping.aborted) return false;
      const script = await scripts.load(scriptId);
      return script === null || isOver(script);
    }),
  /** The second half of a change of keys, as `--rotate-credentials` does it; afterwards the old key may go. */
  reencryptCredentials: async (stopping) => {
    const { sealed, unreadable } = await reencryptCredentials(database, keyRing, { stopping });
    if (unreadable > 0)
      logger.error({ sites: unreadable }, 'passwords of sites open with no key: CREDENTIALS_KEYS lacks one, or has another one');
    return sealed;
  },
});
