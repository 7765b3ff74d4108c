import { setTimeout as pause } from 'node:timers/promises';
import { fold, type Decider, type Fact } from '@scheduled-scripts/domain';
import type { EventStore, ExpectedRevision, RecordedEvent } from '../event-store.js';
import { newEvents, type EventContext } from './facts.js';
import { persistently } from './persistent-append.js';
import { StreamBusy } from './stream-busy.js';
import { StreamTurns } from './stream-turns.js';

const pageSize = 1_000;
/** However little patience there is. */
const fewestTries = 8;
const longestPauseMillis = 100;
export const defaultPatienceMillis = 5_000;

/** One kind of aggregate: its rules, and where and how its events are kept. */
export interface Aggregate<State, Command, Event extends Fact<string, object>, Rejection> {
  readonly decider: Decider<State, Command, Event, Rejection>;
  readonly streamOf: (id: string) => string;
  /** Today's form of a stored event; `null` for one that this release does not know: it changes nothing. */
  readonly upcast: (stored: RecordedEvent) => Event | null;
}

export interface DecidingOptions {
  /** How long an append is repeated whose outcome is unknown, and how long others may write first; 5 s unless told. */
  readonly patienceMillis?: number;
}

export type Decided<State, Event, Rejection> =
  /** `state` and `revision` are those after `events`, which are stored; none means that there was nothing to do. */
  | { readonly ok: true; readonly state: State; readonly events: readonly Event[]; readonly revision: ExpectedRevision }
  /** `state` is what the rejection is about. */
  | { readonly ok: false; readonly rejection: Rejection; readonly state: State };

/** A state, and the revision that it is of. */
export interface Loaded<State> {
  readonly state: State;
  readonly revision: ExpectedRevision;
}

export interface HistoryEntry<Event> {
  readonly event: Event;
  readonly recorded: RecordedEvent;
}

/** Page by page, oldest first, up to and including revision `upTo`. */
export async function* readAll(store: EventStore, stream: string, upTo = Infinity): AsyncGenerator<RecordedEvent, void, undefined> {
  for (let from = 0; from <= upTo; from += pageSize) {
    const page = await store.read(stream, { from, limit: Math.min(pageSize, upTo - from + 1) });
    yield* page;
    if (page.length < pageSize) return;
  }
}

export const loadFrom = async <State, Command, Event extends Fact<string, object>, Rejection>(
  store: EventStore,
  { decider, streamOf, upcast }: Aggregate<State, Command, Event, Rejection>,
  id: string,
): Promise<Loaded<State>> => {
  let state = decider.initialState;
  let revision: ExpectedRevision = 'no-stream';
  for await (const recorded of readAll(store, streamOf(id))) {
    const event = upcast(recorded);
    if (event) state = decider.evolve(state, event);
    revision = recorded.revision;
  }
  return { state, revision };
};

interface Asked<State, Command> {
  readonly id: string;
  readonly command: Command;
  readonly context: EventContext;
  /** Loaded earlier, so that the decision need not wait for that. */
  readonly prepared?: Loaded<State> | undefined;
}

/** `null`: somebody else wrote first. */
const decideFrom = async <State, Command, Event extends Fact<string, object>, Rejection>(
  store: EventStore,
  { decider, streamOf }: Aggregate<State, Command, Event, Rejection>,
  { id, command, context }: Asked<State, Command>,
  { state, revision }: Loaded<State>,
  patienceMillis: number,
): Promise<Decided<State, Event, Rejection> | null> => {
  const decision = decider.decide(command, state);
  if (!decision.ok) return { ok: false, rejection: decision.rejection, state };
  if (decision.events.length === 0) return { ok: true, state, events: [], revision };
  const append = { stream: streamOf(id), expected: revision, events: newEvents(decision.events, context) };
  const outcome = await persistently(() => store.append(append), patienceMillis);
  if (!outcome.ok) return null;
  const after = fold((current: State, event: Event) => decider.evolve(current, event), state, decision.events);
  return { ok: true, state: after, events: decision.events, revision: outcome.revision };
};

/**
 * Loads, decides, appends what was decided with the revision that was read. When somebody else wrote first it loads and decides again:
 * only decisions reject. Throws `StoreUnavailable` when the store stays away: after an append was sent its outcome is then unknown.
 * Throws `StreamBusy` when others wrote first for longer than its patience. `turns`: those who share them do not race each other.
 */
export const decideOn = async <State, Command, Event extends Fact<string, object>, Rejection>(
  store: EventStore,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  asked: Asked<State, Command>,
  { patienceMillis = defaultPatienceMillis }: DecidingOptions = {},
  turns = new StreamTurns(),
): Promise<Decided<State, Event, Rejection>> => {
  if (asked.prepared) {
    const decided = await decideFrom(store, aggregate, asked, asked.prepared, patienceMillis);
    // Only an append proves that what was loaded earlier still stood.
    if (decided?.ok && decided.events.length > 0) return decided;
  }
  const deadline = performance.now() + patienceMillis;
  const stream = aggregate.streamOf(asked.id);
  return turns.take(stream, patienceMillis, async () => {
    for (let tries = 1; ; tries += 1) {
      const loaded = await loadFrom(store, aggregate, asked.id);
      const decided = await decideFrom(store, aggregate, asked, loaded, patienceMillis);
      if (decided) return decided;
      if (tries >= fewestTries && performance.now() > deadline) throw new StreamBusy(stream, tries);
      await pause(Math.random() * Math.min(5 * 2 ** tries, longestPauseMillis));
    }
  });
};
