import type { ScheduledScripts } from '@scheduled-scripts/event-store';
import type { Logger, Worker } from '@scheduled-scripts/platform';
import type { SiteDirectory } from '@scheduled-scripts/site-directory';
import type { IdempotencyKeys } from '../idempotency/idempotency-keys.js';
import { isOver } from '../scheduled-scripts/site-use.js';

export interface HousekeepingOptions {
  readonly keys: IdempotencyKeys;
  readonly sites: SiteDirectory;
  readonly scripts: ScheduledScripts;
  readonly logger: Logger;
  /** Between two rounds; 10 minutes unless told. */
  readonly intervalMillis?: number;
}

/** Throws away what has served: keys past their day, and reservations of scripts that are over, or never came to be. Replicas may do it side by side. */
export class HousekeepingWorker implements Worker {
  readonly name = 'housekeeping';
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(private readonly options: HousekeepingOptions) {}

  start(): Promise<void> {
    this.timer = setInterval(() => {
      this.round = this.round.then(() => this.cleanUp());
    }, this.options.intervalMillis ?? 600_000);
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.round;
  }

  /** One round. Never rejects: the next one is as good. */
  async cleanUp(): Promise<void> {
    const { keys, sites, scripts, logger } = this.options;
    if (this.stopping.signal.aborted) return;
    try {
      const expired = await keys.sweep();
      const pruned = await sites.pruneUses(async ({ scriptId }) => {
        if (this.stopping.signal.aborted) return false;
        const script = await scripts.load(scriptId);
        return script === null || isOver(script);
      });
      logger.debug({ expired, pruned }, 'cleaned up');
    } catch (error) {
      logger.warn({ err: error }, 'cleaning up failed; the next round tries again');
    }
  }
}
