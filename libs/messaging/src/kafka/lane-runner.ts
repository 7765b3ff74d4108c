import { setTimeout as pause } from 'node:timers/promises';
import type { BatchHandler } from '../messaging.js';
import type { Lane } from './lane.js';
import { typeOf } from './trouble.js';

export interface LaneRunnerSettings {
  /** Partitions handled side by side. */
  readonly concurrency: number;
  readonly onError: (error: unknown) => void;
  /** Once; rejects with what the broker says. */
  readonly commit: (lane: Lane, position: number) => Promise<void>;
  /** A batch of the lane has ended, one way or the other. */
  readonly onEnded: (lane: Lane) => void;
}

const commitPauseMillis = 50;
/** The group is being shared out anew: the lane is either lost in a moment, or may commit. */
const passing = new Set(['REBALANCE_IN_PROGRESS', 'ILLEGAL_GENERATION']);

/** Runs the handler over the lanes: one batch of a lane at a time, several lanes side by side. */
export class LaneRunner {
  /** By partition: one that was lost and has come back waits for its earlier handler. */
  private readonly running = new Map<string, Lane>();
  private line: Lane[] = [];

  constructor(
    private readonly handler: BatchHandler,
    private readonly settings: LaneRunnerSettings,
  ) {}

  dispatch(lanes: Iterable<Lane>): void {
    const now = performance.now();
    const line = [...new Set([...this.line, ...lanes])].filter(({ lost }) => !lost);
    const ready = line.filter((lane) => !this.running.has(lane.key) && lane.isReady(now));
    const served = new Set(ready.slice(0, this.settings.concurrency - this.running.size));
    // To the end of the line, so that busy lanes do not starve the others.
    this.line = [...line.filter((lane) => !served.has(lane)), ...served];
    for (const lane of served) {
      this.running.set(lane.key, lane);
      lane.begin(now);
      lane.ended = this.run(lane);
    }
  }

  get atWork(): readonly Lane[] {
    return [...this.running.values()];
  }

  private async run(lane: Lane): Promise<void> {
    try {
      await this.handle(lane);
    } catch (error) {
      if (!lane.lost) {
        this.settings.onError(error);
        // A timer may fire a little early, and nothing else would look again.
        setTimeout(() => this.dispatch([]), lane.failed(performance.now()) + 2).unref();
      }
    } finally {
      lane.busy = false;
      this.running.delete(lane.key);
      this.settings.onEnded(lane);
      this.dispatch([]);
    }
  }

  private async handle(lane: Lane): Promise<void> {
    const { topic, partition, abort } = lane;
    const messages = lane.nextBatch();
    await this.handler(
      { topic, partition, messages },
      {
        signal: abort.signal,
        heartbeat: () => {
          lane.touch(performance.now());
          return lane.lost ? Promise.reject(abort.signal.reason as Error) : Promise.resolve();
        },
      },
    );
    lane.touch(performance.now());
    await this.commit(lane, Number(messages.at(-1)?.offset) + 1);
  }

  /** The effects are durable: only the commit is repeated, until it succeeds or is not this member's to make. */
  private async commit(lane: Lane, position: number): Promise<void> {
    while (!lane.lost) {
      try {
        await this.settings.commit(lane, position);
        lane.committed(position);
        return;
      } catch (error) {
        const type = typeOf(error) ?? '';
        if (type === 'UNKNOWN_MEMBER_ID') lane.lose('the group has given the partition away');
        else if (!passing.has(type)) this.settings.onError(error);
      }
      lane.touch(performance.now());
      await pause(commitPauseMillis);
    }
  }
}
