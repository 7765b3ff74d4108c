import { describe, expect, it } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import { StoreUnavailable, type EventStore, type Position, type StreamAppend } from '../event-store.js';
import { appendInTurn, followUntil, here, idsOf, newEvent, newPrefix, newStream } from './samples.js';
import type { Subject } from './subject.js';

/** As a caller does it: the same again until there is an answer. */
const persist = async <T>(work: () => Promise<T>): Promise<T> => {
  const deadline = Date.now() + 30_000;
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable) || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
};

/** Follows to the bitter end, and answers with it. */
const followToTheEnd = async (store: EventStore, after: Position, prefix: string, onEvents: () => void): Promise<unknown> => {
  try {
    return await followUntil(store, { after, streamPrefixes: [prefix] }, (events) => {
      if (events.length > 0) onEvents();
      return false;
    });
  } catch (error) {
    return error;
  }
};

export const describeOutages = ({ store, open, interrupt }: Subject): void => {
  describe('an outage', () => {
    it('is StoreUnavailable to every caller, and over when it is over', async () => {
      const prefix = newPrefix();
      const stream = newStream(prefix);
      const after = await here(store());
      await appendInTurn(store(), stream, 1);
      let isFollowing = false;
      const end = followToTheEnd(store(), after, prefix, () => (isFollowing = true));
      await until(() => isFollowing);

      const restore = await interrupt();
      const calls = [
        () => store().append({ stream, expected: 0, events: [newEvent()] }),
        () => store().appendMany([{ stream: newStream(), expected: 'no-stream', events: [newEvent()] }]),
        () => store().read(stream),
        () => store().ping(),
      ];
      for (const call of calls) await expect(call()).rejects.toBeInstanceOf(StoreUnavailable);
      expect(await end).toBeInstanceOf(StoreUnavailable);
      await restore();

      await persist(() => store().ping());
      expect(await persist(() => store().read(stream))).toHaveLength(1);
    }, 60_000);

    it('in the middle of appends loses none that was answered, and a repeat stores each once', async () => {
      const prefix = newPrefix();
      const stores = [store(), await open()];
      let answered = 0;
      const appended: StreamAppend[] = [];
      const after = await here(store());
      const write = async (writer: number): Promise<void> => {
        const stream = newStream(prefix);
        for (let number = 0; number < 15; number += 1) {
          const append = { stream, expected: number === 0 ? ('no-stream' as const) : number - 1, events: [newEvent({ writer, number })] };
          const outcome = await persist(() => (stores[writer % 2] ?? store()).append(append));
          expect(outcome).toEqual({ ok: true, revision: number });
          appended.push(append);
          answered += 1;
        }
      };
      const writing = Promise.all(Array.from({ length: 30 }, (_, writer) => write(writer)));
      for (const before of [20, 120, 250]) {
        await until(() => answered >= before);
        const restore = await interrupt();
        await restore();
      }
      await writing;
      const { events } = await persist(() => followUntil(store(), { after, streamPrefixes: [prefix] }, (soFar) => soFar.length >= 450));
      expect(idsOf(events).sort()).toEqual(idsOf(appended.flatMap((append) => append.events)).sort());
    }, 60_000);
  });
};
