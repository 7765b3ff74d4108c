import { fold, type Fact } from '@scheduled-scripts/domain';
import type { EventStore, StreamAppend } from '../event-store.js';
import { decideOn, defaultPatienceMillis, type Aggregate, type Decided, type DecidingOptions } from './decide-on.js';
import { newEvents, type EventContext } from './facts.js';
import { persistently } from './persistent-append.js';

const singlyAtOnce = 16;

interface Asked<Command> {
  readonly id: string;
  readonly command: Command;
  readonly context: EventContext;
}

/**
 * For aggregates that mostly are not there yet: decides on the initial state without loading, and appends everything in one call.
 * Where something stands already, or the decision is not simply one to append, it loads and decides as `decideOn` does.
 */
export const decideMany = async <State, Command, Event extends Fact<string, object>, Rejection>(
  store: EventStore,
  aggregate: Aggregate<State, Command, Event, Rejection>,
  asked: readonly Asked<Command>[],
  options: DecidingOptions = {},
): Promise<readonly Decided<State, Event, Rejection>[]> => {
  const { decider, streamOf } = aggregate;
  const decided = new Map<number, Decided<State, Event, Rejection>>();
  const beginnings: { readonly index: number; readonly events: readonly Event[]; readonly append: StreamAppend }[] = [];
  for (const [index, { id, command, context }] of asked.entries()) {
    const decision = decider.decide(command, decider.initialState);
    if (!decision.ok || decision.events.length === 0) continue;
    const append = { stream: streamOf(id), expected: 'no-stream', events: newEvents(decision.events, context) } as const;
    beginnings.push({ index, events: decision.events, append });
  }

  const appends = beginnings.map(({ append }) => append);
  const outcomes = await persistently(() => store.appendMany(appends), options.patienceMillis ?? defaultPatienceMillis);
  for (const [place, { index, events }] of beginnings.entries()) {
    const outcome = outcomes[place];
    if (!outcome?.ok) continue;
    const state = fold((current: State, event: Event) => decider.evolve(current, event), decider.initialState, events);
    decided.set(index, { ok: true, state, events, revision: outcome.revision });
  }

  const left = [...asked.entries()].filter(([index]) => !decided.has(index));
  for (let from = 0; from < left.length; from += singlyAtOnce) {
    await Promise.all(
      left.slice(from, from + singlyAtOnce).map(async ([index, one]) => decided.set(index, await decideOn(store, aggregate, one, options))),
    );
  }
  return asked.flatMap((_, index) => decided.get(index) ?? []);
};
