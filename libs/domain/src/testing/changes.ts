import type { Decider } from '../decider.js';

/** One event that a sequence of commands has led to, with the states around it. */
export interface Change<State, Event, Command> {
  readonly command: Command;
  readonly before: State;
  readonly event: Event;
  readonly after: State;
}

/** Gives the commands one after the other; those that are refused change nothing. */
export const changesBy = <State, Command, Event, Rejection>(
  decider: Decider<State, Command, Event, Rejection>,
  commands: readonly Command[],
): readonly Change<State, Event, Command>[] => {
  const changes: Change<State, Event, Command>[] = [];
  let before = decider.initialState;
  for (const command of commands) {
    const decision = decider.decide(command, before);
    for (const event of decision.ok ? decision.events : []) {
      const after = decider.evolve(before, event);
      changes.push({ command, before, event, after });
      before = after;
    }
  }
  return changes;
};

export const ofType = <State, Event extends { readonly type: string }, Command, Type extends Event['type']>(
  changes: readonly Change<State, Event, Command>[],
  type: Type,
) => changes.filter((change): change is Change<State, Extract<Event, { type: Type }>, Command> => change.event.type === type);
