import { setTimeout as pause } from 'node:timers/promises';
import type { Database } from '@scheduled-scripts/postgres';
import type { BatchContext, BatchHandler, MessageBatch, ReceivedMessage } from '../messaging.js';
import { type HandleMessages, ParkingLot } from './parking-lot.js';

export interface ParkingOptions {
  /** The consumer's own, whose schema has the tables of `parkingMigrations`. */
  readonly database: Database;
  readonly group: string;
  /** Writes the effects of messages of one topic, in order, into `tx`; idempotent by the revision of their streams. */
  readonly handle: HandleMessages;
  /** How often a message that fails is tried alone before it is parked; 5 unless told. */
  readonly attempts?: number;
  /** Errors that are no message's fault: the batch comes again. Outages of Postgres, event store and messaging are so in any case. */
  readonly isTransient?: (error: unknown) => boolean;
  /** Once for each message that made its key be parked, after it was. For metric and log. */
  readonly onParked?: (message: ReceivedMessage, error: unknown) => void;
}

const defaultAttempts = 5;
const firstPauseMillis = 50;
const outages = new Set(['database_unavailable', 'store_unavailable', 'messaging_unavailable']);

const isOutage = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' && outages.has(error.code);

/** Kept beside the message, for whoever has to decide about it. Postgres takes no NUL in a text. */
const reasonOf = (error: unknown): string => String(error).replaceAll('\u0000', '').slice(0, 500);

/**
 * Handles each batch in one transaction. If that fails, its messages are handled one by one; what keeps failing is parked with all later
 * messages of its key, and the other keys go on.
 */
export const parkingHandler = (options: ParkingOptions): BatchHandler => {
  const runner = new ParkingRunner(options);
  return (batch, context) => runner.run(batch, context);
};

class ParkingRunner {
  private readonly lot: ParkingLot;

  constructor(private readonly options: ParkingOptions) {
    this.lot = new ParkingLot(options.database, options.group);
  }

  async run({ topic, messages }: MessageBatch, context: BatchContext): Promise<void> {
    try {
      await this.apply(topic, messages, context);
    } catch (error) {
      this.rethrowTransient(error, context);
      await this.isolate(topic, messages, context);
    }
  }

  private async apply(topic: string, messages: readonly ReceivedMessage[], { signal }: BatchContext): Promise<void> {
    await this.options.database.transaction(async (tx) => {
      const parked = await this.lot.parkedAmong(tx, topic, [...new Set(messages.map(({ key }) => key))]);
      const waiting = messages.filter(({ key }) => parked.has(key));
      const free = messages.filter(({ key }) => !parked.has(key));
      if (waiting.length > 0) await this.lot.append(tx, topic, waiting);
      if (free.length > 0) await this.options.handle(free, tx);
      signal.throwIfAborted();
    });
  }

  /** In rounds over all that is left, so that many bad messages cost no more pauses than one. */
  private async isolate(topic: string, messages: readonly ReceivedMessage[], context: BatchContext): Promise<void> {
    const attempts = this.options.attempts ?? defaultAttempts;
    let left = messages;
    for (let attempt = 1; left.length > 0; attempt++) {
      if (attempt > 1) await pause(firstPauseMillis * 2 ** (attempt - 2), undefined, { signal: context.signal });
      left = await this.round(topic, left, context, attempt >= attempts);
    }
  }

  /** Answers what is to be tried again: the messages that failed, and those behind them in their key. */
  private async round(
    topic: string,
    messages: readonly ReceivedMessage[],
    context: BatchContext,
    last: boolean,
  ): Promise<readonly ReceivedMessage[]> {
    const left: ReceivedMessage[] = [];
    const failedKeys = new Set<string>();
    for (const message of messages) {
      if (failedKeys.has(message.key)) {
        left.push(message);
        continue;
      }
      await context.heartbeat();
      try {
        await this.apply(topic, [message], context);
      } catch (error) {
        this.rethrowTransient(error, context);
        if (last) {
          await this.park(message, error, context);
        } else {
          failedKeys.add(message.key);
          left.push(message);
        }
      }
    }
    return left;
  }

  private async park(message: ReceivedMessage, error: unknown, { signal }: BatchContext): Promise<void> {
    await this.options.database.transaction(async (tx) => {
      await this.lot.park(tx, message, reasonOf(error));
      signal.throwIfAborted();
    });
    this.options.onParked?.(message, error);
  }

  private rethrowTransient(error: unknown, { signal }: BatchContext): void {
    if (signal.aborted || isOutage(error) || this.options.isTransient?.(error)) throw error;
  }
}
