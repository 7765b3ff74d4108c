import type { Logger } from './logger.js';
import type { Worker } from './service.js';

/** Does what is due and returns how much that was. Replicas may do it side by side. */
export type Chore = (stopping: AbortSignal) => Promise<number>;

export interface HousekeepingOptions {
  readonly chores: Readonly<Record<string, Chore>>;
  readonly logger: Logger;
  /** Between two rounds; 10 minutes unless told. */
  readonly intervalMillis?: number;
}

/** Does the chores now and then, from the start. One that fails keeps no other from being done, and is tried again in the next round. */
export class HousekeepingWorker implements Worker {
  readonly name = 'housekeeping';
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();
  private readonly stopping = new AbortController();

  constructor(private readonly options: HousekeepingOptions) {}

  start(): Promise<void> {
    const next = (): void => {
      this.round = this.round.then(() => this.doChores());
    };
    this.timer = setInterval(next, this.options.intervalMillis ?? 600_000);
    next();
    return Promise.resolve();
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    this.stopping.abort();
    await this.round;
  }

  private async doChores(): Promise<void> {
    const { chores, logger } = this.options;
    for (const [chore, run] of Object.entries(chores)) {
      if (this.stopping.signal.aborted) return;
      try {
        const done = await run(this.stopping.signal);
        if (done > 0) logger.info({ chore, done }, 'housekeeping');
      } catch (error) {
        logger.warn({ err: error, chore }, 'housekeeping failed; the next round tries again');
      }
    }
  }
}
