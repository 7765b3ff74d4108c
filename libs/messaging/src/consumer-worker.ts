import type { BatchHandler, Messaging, SubscribeOptions, Subscription } from './messaging.js';

export interface Lag {
  readonly topic: string;
  readonly behind: number;
}

/** A service's membership in its group, as a thing that starts, stops and can say how it is. */
export class ConsumerWorker {
  readonly name: string;
  private subscription: Subscription | null = null;

  constructor(
    private readonly messaging: Messaging,
    private readonly options: SubscribeOptions,
    private readonly handle: BatchHandler,
  ) {
    this.name = `consumer ${options.group}`;
  }

  async start(): Promise<void> {
    this.subscription = await this.messaging.consumer().subscribe(this.options, this.handle);
  }

  async stop(): Promise<void> {
    await this.subscription?.stop();
  }

  /** For readiness. */
  checkJoined(): Promise<void> {
    return this.subscription?.isJoined() ? Promise.resolve() : Promise.reject(new Error(`not a member of group ${this.options.group}`));
  }

  /** Messages behind the newest, by topic, over this member's partitions. */
  async lag(): Promise<readonly Lag[]> {
    const behind = new Map<string, number>(this.options.topics.map((topic) => [topic, 0]));
    for (const partition of (await this.subscription?.lag()) ?? []) {
      behind.set(partition.topic, (behind.get(partition.topic) ?? 0) + partition.behind);
    }
    return [...behind].map(([topic, count]) => ({ topic, behind: count }));
  }
}
