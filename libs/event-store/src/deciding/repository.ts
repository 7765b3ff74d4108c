import type { Fact } from '@scheduled-scripts/domain';
import type { EventStore } from '../event-store.js';
import { decideOn, loadFrom, readAll, type Aggregate, type Decided, type DecidingOptions, type HistoryEntry } from './decide-on.js';
import type { EventContext } from './facts.js';

/** The aggregates of one kind, by id. Every method throws `StoreUnavailable` when the store cannot answer now. */
export interface Repository<State, Command, Event, Rejection> {
  /** Loads, decides, appends; again when somebody else wrote first. A rejection is a value. */
  decide(id: string, command: Command, context: EventContext): Promise<Decided<State, Event, Rejection>>;
  /** The state after all that has happened; the initial one where nothing has. */
  load(id: string): Promise<State>;
  /** What happened, oldest first, up to and including revision `upTo`; all unless told. */
  history(id: string, upTo?: number): Promise<readonly HistoryEntry<Event>[]>;
}

export const repository = <State, Command, Event extends Fact<string, object>, Rejection>(
  store: EventStore,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  options: DecidingOptions = {},
): Repository<State, Command, Event, Rejection> => ({
  decide: (id, command, context) => decideOn(store, aggregate, { id, command, context }, options),
  load: async (id) => (await loadFrom(store, aggregate, id)).state,
  history: async (id, upTo) => {
    const entries: HistoryEntry<Event>[] = [];
    for await (const recorded of readAll(store, aggregate.streamOf(id), upTo)) {
      const event = aggregate.upcast(recorded);
      if (event) entries.push({ event, recorded });
    }
    return entries;
  },
});
