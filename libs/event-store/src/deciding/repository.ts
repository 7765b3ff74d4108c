import type { Fact } from '@scheduled-scripts/domain';
import type { EventStore } from '../event-store.js';
import {
  decideOn,
  loadFrom,
  readAll,
  type Aggregate,
  type Decided,
  type DecidingOptions,
  type HistoryEntry,
  type Loaded,
} from './decide-on.js';
import type { EventContext } from './facts.js';
import { StreamTurns } from './stream-turns.js';

/** The aggregates of one kind, by id. Every method throws `StoreUnavailable` when the store cannot answer now. */
export interface Repository<State, Command, Event, Rejection> {
  /** Loads, decides, appends; again when somebody else wrote first, or `StreamBusy` after long enough. A rejection is a value. */
  decide(id: string, command: Command, context: EventContext, prepared?: Loaded<State>): Promise<Decided<State, Event, Rejection>>;
  /** Loads ahead of a `decide` that is in a hurry. It is only a beginning: what has happened since is found out and decided upon. */
  prepare(id: string): Promise<Loaded<State>>;
  /** The state after all that has happened; the initial one where nothing has. */
  load(id: string): Promise<State>;
  /** What happened, oldest first, up to and including revision `upTo`; all unless told. */
  history(id: string, upTo?: number): Promise<readonly HistoryEntry<Event>[]>;
}

export const repository = <State, Command, Event extends Fact<string, object>, Rejection>(
  store: EventStore,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  options: DecidingOptions = {},
): Repository<State, Command, Event, Rejection> => {
  const turns = new StreamTurns();
  return {
    decide: (id, command, context, prepared) => decideOn(store, aggregate, { id, command, context, prepared }, options, turns),
    prepare: (id) => loadFrom(store, aggregate, id),
    load: async (id) => (await loadFrom(store, aggregate, id)).state,
    history: async (id, upTo) => {
      const entries: HistoryEntry<Event>[] = [];
      for await (const recorded of readAll(store, aggregate.streamOf(id), upTo)) {
        const event = aggregate.upcast(recorded);
        if (event) entries.push({ event, recorded });
      }
      return entries;
    },
  };
};
