import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { asTimestamp, scriptSummaryStream } from '@scheduled-scripts/domain';
import { createTestDatabase, until, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { v7 } from 'uuid';
import { scriptSummaries, StoreUnavailable, StreamBusy, type EventStore } from '../index.js';
import { openEventStore } from '../open/index.js';

const at = asTimestamp('2026-03-01T02:00:00.000000Z');
const context = { organizationId: 'org_1', correlationId: v7(), causationId: v7() };

/** Each of its own text, so that each has something to append. */
const summarize = (scriptId: string, number: number) =>
  ({ type: 'summarize', at, by: 'service:summarizer', scriptId, scriptSha256: String(number), summary: 'Blocks a list.' }) as const;

let server: TestDatabase;
let store: EventStore;
let others: EventStore;

beforeAll(async () => {
  server = await createTestDatabase();
  store = await openEventStore({ url: server.url, applicationName: 'spec' });
  others = await openEventStore({ url: server.url, applicationName: 'spec' });
});
afterAll(async () => {
  await store.close();
  await others.close();
  await server.drop();
});

/** The same store, as it is but for what is said. */
const storeWith = (over: Partial<EventStore>): EventStore => ({
  append: (append) => store.append(append),
  appendMany: (appends) => store.appendMany(appends),
  read: (stream, options) => store.read(stream, options),
  follow: (options) => store.follow(options),
  ping: () => store.ping(),
  close: async () => undefined,
  ...over,
});

/** Somebody else is faster, so many times. */
const outpaced = (times: number) => {
  let left = times;
  return storeWith({ append: async (append) => (left-- > 0 ? { ok: false, actual: 0 } : await store.append(append)) });
};

/** What waits until it is let go. */
class Gate {
  letGo!: () => void;
  readonly held = new Promise<void>((resolve) => {
    this.letGo = resolve;
  });
}

const textsOf = async (scriptId: string) => (await store.read(scriptSummaryStream(scriptId))).map(({ data }) => data['scriptSha256']);

describe('commands that race', () => {
  it('are all decided, however many there are, in two processes', async () => {
    const scriptId = v7();
    const processes = [scriptSummaries(store), scriptSummaries(others)] as const;
    const decided = await Promise.all(
      Array.from({ length: 80 }, (_, number) => processes[number % 2 === 0 ? 0 : 1].decide(scriptId, summarize(scriptId, number), context)),
    );
    expect(decided.map(({ ok }) => ok)).toEqual(Array(80).fill(true));
    expect(new Set(await textsOf(scriptId)).size).toBe(80);
  });

  it('take turns in one process, so that none has lost', async () => {
    const scriptId = v7();
    let appends = 0;
    const counting = storeWith({
      append: (append) => {
        appends += 1;
        return store.append(append);
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
      storeWith({
        read: async (stream, options) => {
          if (stream !== scriptSummaryStream(stuck) || isHeld) return store.read(stream, options);
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
      storeWith({
        read: async (stream, options) => {
          reads += 1;
          if (reads === 1) await gate.held;
          return store.read(stream, options);
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
