import { ParkingLot, type Subscription } from '@scheduled-scripts/messaging';
import type { Logger, Worker } from '@scheduled-scripts/platform';
import { generationChannel, layout, liveGeneration } from '@scheduled-scripts/read-model';
import { groupOf, openFeed, type FeedOptions } from './feed.js';

const lookEveryMillis = 2_000;

export interface LiveFeedOptions extends Omit<FeedOptions, 'generation'> {
  readonly logger: Logger;
}

/** Feeds whatever generation is live, and changes over when another becomes so. */
export class LiveFeed implements Worker {
  readonly name = 'live feed';
  private subscription: Subscription | null = null;
  private fed: number | null = null;
  private fault: Error | null = new Error('not started');
  private looking: Promise<void> | null = null;
  private timer: NodeJS.Timeout | undefined;
  private listening: { stop(): Promise<void> } | null = null;
  private stopped = false;

  constructor(private readonly options: LiveFeedOptions) {}

  /** Null until the first was found. */
  get generation(): number | null {
    return this.fed;
  }

  async start(): Promise<void> {
    this.listening = await this.options.database.listen(generationChannel, () => void this.look());
    this.timer = setInterval(() => void this.look(), lookEveryMillis);
    await this.look();
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearInterval(this.timer);
    await this.listening?.stop();
    await this.looking;
    await this.subscription?.stop();
  }

  /** For readiness. */
  checkJoined(): Promise<void> {
    if (this.fault) return Promise.reject(this.fault);
    return this.subscription?.isJoined() ? Promise.resolve() : Promise.reject(new Error('not a member of the consumer group'));
  }

  /** Messages behind the newest, by topic and partition of this member. */
  async lag(): ReturnType<Subscription['lag']> {
    return (await this.subscription?.lag()) ?? [];
  }

  /** Keys, in the generation that is fed, of which a message cannot be applied. */
  async parkedKeys(): Promise<number> {
    return this.fed === null ? 0 : (await new ParkingLot(this.options.database, groupOf(this.fed)).count()).keys;
  }

  private look(): Promise<void> {
    this.looking ??= this.tryToChangeOver().finally(() => (this.looking = null));
    return this.looking;
  }

  private async tryToChangeOver(): Promise<void> {
    try {
      await this.changeOver();
      this.fault = null;
    } catch (cause) {
      const fault = cause instanceof Error ? cause : new Error(String(cause));
      // One line for each reason, however long it lasts.
      if (fault.message !== this.fault?.message) this.options.logger.warn({ err: fault }, 'the live generation cannot be fed now');
      this.fault = fault;
    }
  }

  private async changeOver(): Promise<void> {
    const live = await liveGeneration(this.options.database);
    if (this.stopped || live.number === this.fed) return;
    await this.subscription?.stop();
    this.subscription = null;
    this.fed = null;
    if (live.layout !== layout) {
      throw new Error(
        `generation ${live.number} has layout ${live.layout}, and this is the code of layout ${layout}: rebuild the read model`,
      );
    }
    this.subscription = await openFeed({ ...this.options, generation: live.number });
    this.fed = live.number;
    this.options.logger.info({ generation: live.number }, 'feeding the live generation');
  }
}
