import { START, streamNameFilter, type AllStreamSubscription, type RecordedEvent as StoredEvent } from '@eventstore/db-client';
import { StoreUnavailable, UnknownPosition, type FollowedBatch, type FollowOptions, type RecordedEvent } from '../event-store.js';
import type { PlainClient } from './plain-client.js';
import { isInvalidArgument, storeError } from './failures.js';
import { isAfter, logPositionOf, positionOf, recordedEvent, type LogPosition } from './records.js';

const defaultBatchSize = 500;
/** In windows of the client's default, 32 events: how far a position may lag behind while nothing of ours is appended. */
const windowsPerCheckpoint = 16;

/** What following needs of the store. */
export interface Followed {
  open(): { readonly client: PlainClient; readonly abandoned: AbortSignal };
  /** The last position of the whole log; `null` for an empty one. */
  head(): Promise<LogPosition | null>;
  ping(): Promise<void>;
  /** After so much silence the server is asked whether it still lives: a frozen one never ends a subscription. */
  readonly silenceMillis: number;
}

/** A subscription to pull from. */
class Feed {
  private readonly source: AllStreamSubscription;
  private readonly abandoned: AbortSignal;
  private checkpoint: LogPosition | null = null;
  private wake: () => void = () => undefined;
  private isChanged = false;
  private isSpoilt = false;
  private readonly prefixes: readonly string[];
  failure: unknown = null;

  constructor(
    { client, abandoned }: ReturnType<Followed['open']>,
    after: LogPosition | null,
    head: LogPosition | null,
    options: FollowOptions,
  ) {
    const { streamPrefixes, batchSize = defaultBatchSize, signal } = options;
    this.abandoned = abandoned;
    this.prefixes = streamPrefixes;
    const filter = streamNameFilter({
      prefixes: [...streamPrefixes],
      checkpointInterval: windowsPerCheckpoint,
      // A throw in here would freeze the subscription in silence.
      checkpointReached: (_, position) => this.reached(position),
    });
    // What a server calls 0 is where it begins, not an event.
    const fromPosition = after && after.commit > 0n ? after : START;
    this.source = client.subscribeToAll({ fromPosition, filter, requiresLeader: true }, { highWaterMark: batchSize });
    this.source.on('readable', this.change);
    // It may complain more than once, also after it was left.
    this.source.on('error', (error) => this.fail(error));
    this.source.on('end', () => this.fail(new StoreUnavailable('the event store has ended the subscription')));
    this.source.on('caughtUp', () => head && this.reached(head));
    abandoned.addEventListener('abort', this.onAbandoned);
    signal.addEventListener('abort', this.change);
  }

  /** Ends before an event that is none of ours: what came earlier is still to be dealt with. */
  take(limit: number): readonly RecordedEvent[] {
    const events: RecordedEvent[] = [];
    while (events.length < limit && !this.isSpoilt) {
      const resolved = this.source.read() as { readonly event?: StoredEvent } | null;
      if (resolved === null) break;
      const { event } = resolved;
      // The server filters; should it ever not, then what it sends must not count.
      if (!event || !this.prefixes.some((prefix) => event.streamId.startsWith(prefix))) continue;
      try {
        events.push(recordedEvent(event));
      } catch (error) {
        this.isSpoilt = true;
        this.fail(error);
      }
    }
    return events;
  }

  /** How far the server has looked, once every event up to there has been taken: it says so ahead of the events that still wait here. */
  get lookedAt(): LogPosition | null {
    return this.source.readableLength === 0 && !this.isSpoilt ? this.checkpoint : null;
  }

  /** Resolves when something has come, or with `false` after so long a silence. */
  async changed(silenceMillis: number): Promise<boolean> {
    if (!this.isChanged) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, silenceMillis);
        this.wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
    // Events come one by one: let those that came together become one batch.
    await new Promise((resolve) => setImmediate(resolve));
    const { isChanged } = this;
    this.isChanged = false;
    return isChanged;
  }

  leave(signal: AbortSignal): void {
    this.abandoned.removeEventListener('abort', this.onAbandoned);
    signal.removeEventListener('abort', this.change);
    void this.source.unsubscribe().catch(() => undefined);
  }

  private readonly change = (): void => {
    this.isChanged = true;
    this.wake();
  };

  private readonly onAbandoned = (): void => this.fail(new StoreUnavailable('the connection to the event store is dead'));

  private fail(error: unknown): void {
    this.failure ??= error;
    this.change();
  }

  private reached(position: LogPosition): void {
    if (isAfter(position, this.checkpoint)) this.checkpoint = position;
    this.change();
  }
}

const startOf = ({ after }: FollowOptions, head: LogPosition | null): LogPosition | null => {
  if (after === null) return null;
  const position = logPositionOf(after);
  if (!position) throw new UnknownPosition('the position is of another kind of store');
  // From there one server would go back and another one would stay silent for ever.
  if (!head || position.commit > head.commit) throw new UnknownPosition('the position lies behind the last event of this store');
  return position;
};

const failureOf = (error: unknown): Error =>
  isInvalidArgument(error) ? new UnknownPosition('no event of this store stands at the position') : storeError(error, '$all');

export async function* followFrom(followed: Followed, options: FollowOptions): AsyncGenerator<FollowedBatch, void, undefined> {
  const { signal, batchSize = defaultBatchSize } = options;
  if (signal.aborted) return;
  const head = await followed.head();
  let at = startOf(options, head);
  const feed = new Feed(followed.open(), at, head, options);
  try {
    while (!signal.aborted) {
      const events = feed.take(batchSize);
      const last = events.at(-1);
      const reached = last ? logPositionOf(last.position) : feed.lookedAt;
      if (reached && isAfter(reached, at)) {
        at = reached;
        yield { events, position: positionOf(at) };
      } else if (feed.failure !== null) {
        throw failureOf(feed.failure);
      } else if (!(await feed.changed(followed.silenceMillis))) {
        await followed.ping();
      }
    }
  } finally {
    feed.leave(signal);
  }
}
