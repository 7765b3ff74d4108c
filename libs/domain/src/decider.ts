import type { Timestamp } from './timestamp.js';

/** What a decision answers: the events to append (none: nothing to do), or the reason why not. */
export type Decision<Event, Rejection> =
  { readonly ok: true; readonly events: readonly Event[] } | { readonly ok: false; readonly rejection: Rejection };

/** An aggregate as three pure functions. Time, ids and whoever acts come in with the command. */
export interface Decider<State, Command, Event, Rejection> {
  readonly initialState: State;
  /** Total: every command in every state is answered, never thrown at. */
  decide(this: void, command: Command, state: State): Decision<Event, Rejection>;
  /** Total: an event that changes nothing returns the state as it was. */
  evolve(this: void, state: State, event: Event): State;
}

export const accept = <Event>(...events: readonly Event[]): { readonly ok: true; readonly events: readonly Event[] } => ({
  ok: true,
  events,
});

export const reject = <Rejection>(rejection: Rejection): { readonly ok: false; readonly rejection: Rejection } => ({
  ok: false,
  rejection,
});

export const fold = <State, Event>(evolve: (state: State, event: Event) => State, from: State, events: Iterable<Event>): State => {
  let state = from;
  for (const event of events) state = evolve(state, event);
  return state;
};

/** A fact: what happened, when, and who did it. `by` is a user's `sub` or `service:<name>`. */
export interface Fact<Type extends string, Data> {
  readonly type: Type;
  readonly at: Timestamp;
  readonly by: string;
  readonly data: Data;
}

/** The fact that follows from a command: decided at its time, by whoever gave it. */
export const fact = <const Type extends string, const Data>(
  type: Type,
  cause: { readonly at: Timestamp; readonly by: string },
  data: Data,
): Fact<Type, Data> => ({ type, at: cause.at, by: cause.by, data });

/** What is known of a stream that has begun. */
export interface Dated {
  /** The latest time that it has recorded. */
  readonly lastAt: Timestamp;
}

/**
 * Clocks differ, and a command may wait after it was signed: in one stream time never runs backwards all the same. A decision judges by the
 * time of its command; only what is recorded of it is not earlier than what was recorded before.
 */
export const inOrderOfTime =
  <State extends Dated | null, Command, Event extends Fact<string, unknown>, Rejection>(
    decide: (command: Command, state: State) => Decision<Event, Rejection>,
  ): Decider<State, Command, Event, Rejection>['decide'] =>
  (command, state) => {
    const decision = decide(command, state);
    if (!decision.ok || state === null) return decision;
    const { lastAt } = state;
    return accept(...decision.events.map((event) => (event.at < lastAt ? { ...event, at: lastAt } : event)));
  };
