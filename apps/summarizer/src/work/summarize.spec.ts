import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type ScriptSummaries } from '@scheduled-scripts/event-store';
import type { ClaimedWork } from '@scheduled-scripts/postgres';
import { organizationId, sha256, Stage } from '../testing/stage.js';
import type { WriteSummary } from '../writer/first-choice.summary-writer.js';
import { summarize, type Outcome } from './summarize.js';

const never = new AbortController().signal;
const itself: WriteSummary = (script) => Promise.resolve({ summary: `Does ${script}.`, writer: 'explainer' });

const workOf = (scriptId: string, text: string): ClaimedWork => {
  const cause = { organizationId, correlationId: 'one', causationId: 'two' };
  const payload = { scriptId, scriptSha256: sha256(text), ...cause };
  return { id: 'event-1', lane: scriptId, dueAt: '2026-03-01T12:00:00.000000Z', payload, attempts: 1, claim: '1' };
};

describe('summarizing', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await Stage.set();
  }, 30_000);
  afterAll(() => stage.strike(), 30_000);

  /** One who does the work, and what has become of it. */
  const worker = (write: WriteSummary = itself, summaries: Pick<ScriptSummaries, 'prepare' | 'decide'> = stage.summaries) => {
    const outcomes: Outcome[] = [];
    const { scripts } = stage;
    const options = { scripts, summaries, write, now: Date.now, onWritten: () => undefined };
    return { outcomes, work: summarize({ ...options, onDealtWith: (outcome) => void outcomes.push(outcome) }) };
  };
  const textsOf = async (scriptId: string) => (await stage.summariesOf(scriptId)).map(({ data }) => data['summary']);

  it('appends one summary, however often the work is done', async () => {
    const id = await stage.create(':put 1');
    const { work, outcomes } = worker();
    for (const _ of [1, 2]) expect(await work(workOf(id, ':put 1'), never)).toEqual({ do: 'complete' });
    expect(outcomes).toEqual(['summarized', 'known']);
    expect(await textsOf(id)).toEqual(['Does :put 1.']);
  });

  it('appends once when several do it at a time', async () => {
    const id = await stage.create(':put 1');
    await Promise.all([1, 2, 3].map(() => worker().work(workOf(id, ':put 1'), never)));
    expect(await textsOf(id)).toEqual(['Does :put 1.']);
  });

  it('keeps what it has written to itself when the text was changed meanwhile', async () => {
    const id = await stage.create(':put 1');
    const { work, outcomes } = worker(async (script, signal) => {
      await stage.revise(id, ':put 2');
      return itself(script, signal);
    });
    expect(await work(workOf(id, ':put 1'), never)).toEqual({ do: 'complete' });
    expect(outcomes).toEqual(['outdated']);
    expect(await textsOf(id)).toEqual([]);
  });

  it('never leaves the summary of an old text as the last one', async () => {
    const id = await stage.create(':put 1');
    await worker().work(workOf(id, ':put 1'), never);
    await stage.revise(id, ':put 2');
    const again = worker();
    // Slept between its last look and the append, while the old text came back and needed no new summary.
    const late: Pick<ScriptSummaries, 'prepare' | 'decide'> = {
      prepare: (scriptId) => stage.summaries.prepare(scriptId),
      decide: async (scriptId, command, ...rest) => {
        if (command.scriptSha256 === sha256(':put 2')) {
          await stage.revise(id, ':put 1');
          await again.work(workOf(id, ':put 1'), never);
        }
        return stage.summaries.decide(scriptId, command, ...rest);
      },
    };
    await worker(itself, late).work(workOf(id, ':put 2'), never);
    expect(again.outcomes).toEqual(['known']);
    expect(await textsOf(id)).toEqual(['Does :put 1.', 'Does :put 2.', 'Does :put 1.']);
  });

  it('that does not come through is tried again, and then is done once', async () => {
    const id = await stage.create(':put 1');
    const cutOff = {
      prepare: (scriptId: string) => stage.summaries.prepare(scriptId),
      decide: async (...asked: Parameters<ScriptSummaries['decide']>) => {
        await stage.summaries.decide(...asked);
        throw new StoreUnavailable('the answer got lost');
      },
    };
    await expect(worker(itself, cutOff).work(workOf(id, ':put 1'), never)).rejects.toBeInstanceOf(StoreUnavailable);
    const { work, outcomes } = worker();
    await work(workOf(id, ':put 1'), never);
    expect(outcomes).toEqual(['known']);
    expect(await textsOf(id)).toEqual(['Does :put 1.']);
  });

  it('is given back by whoever is to stop', async () => {
    const id = await stage.create(':put 1');
    const stopping = new AbortController();
    const { work, outcomes } = worker((_, signal) => {
      stopping.abort();
      return Promise.reject(signal.reason);
    });
    expect(await work(workOf(id, ':put 1'), stopping.signal)).toEqual({ do: 'release' });
    expect(outcomes).toEqual([]);
    expect(await textsOf(id)).toEqual([]);
  });

  it('of a script that the store does not know is an error', async () => {
    const unknown = '018f5bda-4690-7432-8472-358b2734f19b';
    await expect(worker().work(workOf(unknown, ':put 1'), never)).rejects.toThrow('not in the store');
  });
});
