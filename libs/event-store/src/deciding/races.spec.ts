import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asTimestamp, scriptSummaryStream } from '@scheduled-scripts/domain';
import { until } from '@scheduled-scripts/postgres/testing';
import { v7 } from 'uuid';
import { scriptSummaries, StoreUnavailable, StreamBusy } from '../index.js';
import { startTwoProcesses, type TwoProcesses } from './testing/two-processes.js';

const at = asTimestamp('2026-03-01T02:00:00.000000Z');
const context = { organizationId: 'org_1', correlationId: v7(), causationId: v7() };

/** Each of its own text, so that each has something to append. */
const summarize = (scriptId: string, number: number) =>
  ({ type: 'summarize', at, by: 'service:summarizer', scriptId, scriptSha256: String(number), summary: 'Blocks a list.' }) as const;

let processes: TwoProcesses;

beforeAll(async () => {
  processes = await startTwoProcesses();
});
afterAll(() => processes.stop());

/** Somebody else is faster, so many times. */
const outpaced = (times: number) => {
  let left = times;
  const { store, storeWith } = processes;
  return storeWith({ append: async (append) => (left-- > 0 ? { ok: false, actual: 0 } : await store.append(append)) });
};

/** What waits until it is let go. */
class Gate {
  letGo!: () => void;
  readonly held = new Promise<void>((resolve) => {
    this.letGo = resolve;
  });
}

const textsOf = async (scriptId: string) =>
  (await processes.store.read(scriptSummaryStream(scriptId))).map(({ data }) => data['scriptSha256']);

describe('commands that race', () => {
  it('are all decided, however many there are, in two processes', async () => {
    const scriptId = v7();
    const both = [scriptSummaries(processes.store), scriptSummaries(processes.others)] as const;
    const decided = await Promise.all(
      Array.from({ length: 80 }, (_, number) => both[number % 2 === 0 ? 0 : 1].decide(scriptId, summarize(scriptId, number), context)),
    );
    expect(decided.map(({ ok }) => ok)).toEqual(Array(80).fill(true));
    expect(new Set(await textsOf(scriptId)).size).toBe(80);
  });

  it('take turns in one process, so that none has lost', async () => {
    const scriptId = v7();
    let appends = 0;
    const counting = processes.storeWith({
      append: (append) => {
        appends += 1;
        return processes.store.append(append);
      },
    });
    const summaries = scriptSummaries(counting);
    await Promise.all(Array.from({ length: 30 }, (_, number) => summaries.decide(scriptId, summarize(scriptId, number), context)));
    expect(appends).toBe(30);
    expect(await textsOf(scriptId)).toEqual(Array.from({ length: 30 }, (_, number) => String(number)));
  });

  it('do not wait for each other on different streams, nor for one that failed', async () => {
    const [stuck, free] = [v7(), v7()];
    const gate = new Gate();
    let isHeld = false;
    const summaries = scriptSummaries(
      processes.storeWith({
        read: async (stream, options) => {
          if (stream !== scriptSummaryStream(stuck) || isHeld) return processes.store.read(stream, options);
          isHeld = true;
          await gate.held;
          throw new StoreUnavailable('was away');
        },
      }),
    );
    const first = summaries.decide(stuck, summarize(stuck, 1), context);
    const second = summaries.decide(stuck, summarize(stuck, 2), context);
    expect(await summaries.decide(free, summarize(free, 1), context)).toMatchObject({ ok: true, revision: 0 });
    expect(await textsOf(stuck)).toEqual([]);
    gate.letGo();
    await expect(first).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await second).toMatchObject({ ok: true, revision: 0 });
  });

  it('go ahead without their turn when it does not come', async () => {
    const scriptId = v7();
    const gate = new Gate();
    let reads = 0;
    const summaries = scriptSummaries(
      processes.storeWith({
        read: async (stream, options) => {
          reads += 1;
          if (reads === 1) await gate.held;
          return processes.store.read(stream, options);
        },
      }),
      { patienceMillis: 50 },
    );
    const stuck = summaries.decide(scriptId, summarize(scriptId, 1), context);
    await until(() => reads === 1);
    expect(await summaries.decide(scriptId, summarize(scriptId, 2), context)).toMatchObject({ ok: true, revision: 0 });
    gate.letGo();
    expect(await stuck).toMatchObject({ ok: true, revision: 1 });
  });
});

describe('a command that keeps losing', () => {
  it('is decided as long as there is patience', async () => {
    const scriptId = v7();
    const decided = await scriptSummaries(outpaced(25)).decide(scriptId, summarize(scriptId, 1), context);
    expect(decided).toMatchObject({ ok: true, revision: 0 });
  });

  it('has its tries without patience', async () => {
    const scriptId = v7();
    const summaries = scriptSummaries(outpaced(7), { patienceMillis: 0 });
    expect(await summaries.decide(scriptId, summarize(scriptId, 1), context)).toMatchObject({ ok: true, revision: 0 });
  });

  it('is StreamBusy in the end, and has left nothing', async () => {
    const scriptId = v7();
    const summaries = scriptSummaries(outpaced(Infinity), { patienceMillis: 100 });
    await expect(summaries.decide(scriptId, summarize(scriptId, 1), context)).rejects.toBeInstanceOf(StreamBusy);
    expect(await textsOf(scriptId)).toEqual([]);
  });
});
