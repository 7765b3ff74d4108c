import type { Fact } from '@scheduled-scripts/domain';
import type { NewEvent } from '../event-store.js';
import { uuidv7 } from '../uuidv7.js';

/** What a command follows from; goes with every event that it leads to. */
export interface EventContext {
  readonly organizationId: string;
  /** One for all that follows from one request. */
  readonly correlationId: string;
  /** The id of the event, or of the request, that the command follows from. */
  readonly causationId: string;
  /** W3C trace context. */
  readonly traceparent?: string | undefined;
}

/** The facts of one decision as events of their own, with the ids that every try to append them keeps. */
export const newEvents = (facts: readonly Fact<string, object>[], context: EventContext): readonly NewEvent[] => {
  const { organizationId, correlationId, causationId, traceparent } = context;
  return facts.map(({ type, at, by, data }) => ({
    id: uuidv7(),
    type,
    data: { ...data },
    metadata: { organizationId, actor: by, at, correlationId, causationId, traceparent },
  }));
};
