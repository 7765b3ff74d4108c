import { topics } from '@scheduled-scripts/contracts';
import {
  parkingHandler,
  type BatchHandler,
  type HandleMessages,
  type Messaging,
  type ReceivedMessage,
  type Subscription,
} from '@scheduled-scripts/messaging';
import type { Database } from '@scheduled-scripts/postgres';
import { announceChange, GenerationRetired, project, type Projected } from '@scheduled-scripts/read-model';

/** A group for each generation: a new one reads the topics from their beginning, whatever the live one has read. */
export const groupOf = (generation: number): string => `projector-g${generation}`;

export interface FeedEvents {
  readonly onProjected?: (projected: Projected) => void;
  readonly onParked?: (message: ReceivedMessage, error: unknown) => void;
}

export interface FeedOptions extends FeedEvents {
  readonly database: Database;
  readonly messaging: Messaging;
  readonly generation: number;
  readonly batchSize: number;
}

const isRetired = (error: unknown): boolean => error instanceof GenerationRetired;

/** One transaction a batch; a key whose message cannot be applied is parked, the others go on. */
export const feedHandler = ({
  database,
  generation,
  onProjected,
  onParked,
}: Omit<FeedOptions, 'messaging' | 'batchSize'>): BatchHandler => {
  const handle: HandleMessages = async (messages, tx) => {
    const projected = await project(tx, generation, messages);
    onProjected?.(projected);
  };
  const park = parkingHandler({ database, group: groupOf(generation), handle, isTransient: isRetired, ...(onParked && { onParked }) });
  return async (batch, context) => {
    await park(batch, context);
    announceChange(database);
  };
};

export const openFeed = (options: FeedOptions, handle: BatchHandler = feedHandler(options)): Promise<Subscription> =>
  options.messaging
    .consumer()
    .subscribe(
      { group: groupOf(options.generation), topics: Object.values(topics), batchSize: options.batchSize, from: 'earliest' },
      handle,
    );
