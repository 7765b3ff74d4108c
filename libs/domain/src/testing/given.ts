import { expect } from '@jest/globals';
import { type Decider, fold } from '../decider.js';

/**
 * A decision as a sentence: `given(decider, …past).when(command).decides(…events)`, `.decidesNothing()` or `.refuses(rejection)`.
 * What was decided is also folded: `.leaving(…)` looks at the state it leads to.
 */
export const given = <State, Command, Event, Rejection>(decider: Decider<State, Command, Event, Rejection>, ...past: readonly Event[]) => ({
  when: (command: Command) => {
    const before = fold(decider.evolve, decider.initialState, past);
    const decision = decider.decide(command, before);
    const after = decision.ok ? fold(decider.evolve, before, decision.events) : before;
    return {
      decides: (...events: readonly Event[]) => {
        expect(decision).toEqual({ ok: true, events });
        return {
          leaving: (expected: Partial<NonNullable<State>>) => {
            expect(after).toMatchObject(expected);
          },
        };
      },
      decidesNothing: () => {
        expect(decision).toEqual({ ok: true, events: [] });
      },
      refuses: (rejection: Rejection) => {
        expect(decision).toEqual({ ok: false, rejection });
      },
    };
  },
});
