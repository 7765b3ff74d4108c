import { describe, expect, it } from '@jest/globals';
import { fold } from '../decider.js';
import { addMillis, asTimestamp } from '../timestamp.js';
import {
  scriptSummaryDecider,
  summaryOf,
  type ScriptSummary,
  type ScriptSummaryCommand,
  type ScriptSummaryState,
} from './script-summary.js';

const at = asTimestamp('2026-03-01T12:00:00.000000Z');
const first = 'a'.repeat(64);
const second = 'b'.repeat(64);
const summarize = (scriptSha256: string, summary = 'Blocks a list.'): ScriptSummaryCommand => ({
  type: 'summarize',
  at,
  by: 'service:summarizer',
  scriptId: 'script-1',
  scriptSha256,
  summary,
});

/** What the commands append, one after the other, and what is left. */
const after = (...commands: readonly ScriptSummaryCommand[]) => {
  let state: ScriptSummaryState = scriptSummaryDecider.initialState;
  return commands.map((command) => {
    const decision = scriptSummaryDecider.decide(command, state);
    if (!decision.ok) throw new Error('a summary is never refused');
    state = fold(scriptSummaryDecider.evolve, state, decision.events);
    return { events: decision.events, state };
  });
};

describe('a summary', () => {
  it('is a fact about one text', () => {
    expect(after(summarize(first))).toEqual([
      {
        events: [
          {
            type: 'script-summary.summarized.v1',
            at,
            by: 'service:summarizer',
            data: { scriptId: 'script-1', scriptSha256: first, summary: 'Blocks a list.' },
          },
        ],
        state: { scriptSha256: first, summary: 'Blocks a list.', lastAt: at },
      },
    ]);
  });

  it('of the same text is written once, whatever the second one says', () => {
    expect(after(summarize(first), summarize(first, 'Something else.'))[1]).toEqual({
      events: [],
      state: { scriptSha256: first, summary: 'Blocks a list.', lastAt: at },
    });
  });

  it('of a text that came back is written again', () => {
    const steps = after(summarize(first), summarize(second, 'Allows it.'), summarize(first));
    expect(steps.map(({ events }) => events.length)).toEqual([1, 1, 1]);
  });

  it('is not recorded before the one that stands', () => {
    const before = addMillis(at, -1);
    const steps = after(summarize(first), { ...summarize(second), at: before });
    expect(steps[1]).toMatchObject({ events: [{ at }], state: { lastAt: at } });
  });

  it.each<[string, Omit<ScriptSummary, 'lastAt'> | null, string | null]>([
    ['nothing while there is none', null, null],
    ['what it says about this text', { scriptSha256: first, summary: 'Blocks a list.' }, 'Blocks a list.'],
    ['nothing about another text', { scriptSha256: second, summary: 'Allows it.' }, null],
  ])('says %s', (_, latest, said) => {
    expect(summaryOf({ scriptSha256: first }, latest)).toBe(said);
  });
});
