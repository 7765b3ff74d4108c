import {
  siteExecutionDecider,
  siteExecutionStream,
  upcastSiteExecutionEvent,
  type ExecutionOrder,
  type SiteExecutionCommand,
  type SiteExecutionEvent,
  type SiteExecutionRejection,
  type SiteExecutionState,
} from '@scheduled-scripts/domain';
import type { EventStore } from '../event-store.js';
import { decideMany } from './decide-many.js';
import type { Decided, DecidingOptions } from './decide-on.js';
import type { EventContext } from './facts.js';
import { repository, type Repository } from './repository.js';

export interface SiteExecutions extends Repository<SiteExecutionState, SiteExecutionCommand, SiteExecutionEvent, SiteExecutionRejection> {
  /** Asks for many at once; those that have been asked for already are left alone. One answer for each order, in their order. */
  requestAll(
    orders: readonly ExecutionOrder[],
    signed: Pick<SiteExecutionCommand, 'at' | 'by'>,
    context: EventContext,
  ): Promise<readonly Decided<SiteExecutionState, SiteExecutionEvent, SiteExecutionRejection>[]>;
}

export const siteExecutions = (store: EventStore, options?: DecidingOptions): SiteExecutions => {
  const aggregate = { decider: siteExecutionDecider, streamOf: siteExecutionStream, upcast: upcastSiteExecutionEvent };
  return {
    ...repository(store, aggregate, options),
    requestAll: (orders, { at, by }, context) => {
      const commands = orders.map((order) => ({ id: order.executionId, command: { type: 'request', at, by, order } as const, context }));
      return decideMany(store, aggregate, commands, options);
    },
  };
};
