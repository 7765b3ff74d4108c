import { describe, expect, it } from '@jest/globals';
import { InvalidAppend, type AppendOutcome, type NewEvent, type StreamAppend } from '../event-store.js';
import { appendInTurn, idsOf, newEvent, newStream } from './samples.js';
import type { Subject } from './subject.js';

const winners = (outcomes: readonly AppendOutcome[]): number => outcomes.filter(({ ok }) => ok).length;

export const describeAppending = ({ store, open }: Subject): void => {
  describe('appending', () => {
    it('begins a stream at revision 0 and goes on without gaps', async () => {
      const stream = newStream();
      expect(await store().append({ stream, expected: 'no-stream', events: [newEvent()] })).toEqual({ ok: true, revision: 0 });
      expect(await store().append({ stream, expected: 0, events: [newEvent(), newEvent()] })).toEqual({ ok: true, revision: 2 });
      const events = await store().read(stream);
      expect(events.map(({ revision }) => revision)).toEqual([0, 1, 2]);
    });

    it('gives back exactly what was stored', async () => {
      const stream = newStream();
      const event = newEvent({
        script: '/ip service\r\n:put "ž\u0000\\"',
        astral: '🛰',
        lone: '\ud800',
        nested: [{ deep: null }, 1.5, -0.25, true],
        large: 'x'.repeat(60_000),
      });
      await store().append({ stream, expected: 'no-stream', events: [event] });
      const [read] = await store().read(stream);
      expect(read).toEqual({ ...event, stream, revision: 0, position: read?.position });
    });

    it('takes the largest plan that a script may have', async () => {
      const stream = newStream();
      const event = newEvent({ script: '\u0001'.repeat(60_000), sites: Array.from({ length: 10_000 }, () => `site_${'s'.repeat(32)}`) });
      await store().append({ stream, expected: 'no-stream', events: [event] });
      expect((await store().read(stream))[0]?.data).toEqual(event.data);
    });

    it('refuses an expectation that does not hold, says what stands, and stores nothing', async () => {
      const stream = newStream();
      const append = (expected: StreamAppend['expected']) => store().append({ stream, expected, events: [newEvent(), newEvent()] });
      expect(await append(0)).toEqual({ ok: false, actual: 'no-stream' });
      expect(await append('no-stream')).toEqual({ ok: true, revision: 1 });
      expect(await append('no-stream')).toEqual({ ok: false, actual: 1 });
      expect(await append(0)).toEqual({ ok: false, actual: 1 });
      expect(await append(2)).toEqual({ ok: false, actual: 1 });
      expect(await store().read(stream)).toHaveLength(2);
    });

    it('lets one of many win that expect the same, in one process and in several', async () => {
      const stores = [store(), await open(), await open()];
      for (const expected of ['no-stream', 0] as const) {
        const stream = newStream();
        if (expected === 0) await appendInTurn(store(), stream, 1);
        const racers = Array.from({ length: 24 }, (_, index) =>
          (stores[index % stores.length] ?? store()).append({ stream, expected, events: [newEvent({ index })] }),
        );
        expect(winners(await Promise.all(racers))).toBe(1);
        expect(await store().read(stream)).toHaveLength(expected === 0 ? 2 : 1);
      }
    });

    it('keeps every writer’s events when losers read and try again', async () => {
      const stream = newStream();
      const stores = [store(), await open()];
      const write = async (writer: number): Promise<void> => {
        const own = stores[writer % stores.length] ?? store();
        for (let number = 0; number < 5;) {
          const last = (await own.read(stream)).at(-1);
          const { ok } = await own.append({ stream, expected: last?.revision ?? 'no-stream', events: [newEvent({ writer, number })] });
          if (ok) number += 1;
        }
      };
      await Promise.all([0, 1, 2, 3, 4, 5].map(write));
      const events = await store().read(stream);
      expect(events.map(({ revision }) => revision)).toEqual(Array.from({ length: 30 }, (_, index) => index));
      for (const writer of [0, 1, 2, 3, 4, 5]) {
        expect(events.filter(({ data }) => data['writer'] === writer).map(({ data }) => data['number'])).toEqual([0, 1, 2, 3, 4]);
      }
    });

    it('takes many streams in one call and answers in their order', async () => {
      const appends = Array.from({ length: 2_500 }, (_, index): StreamAppend => ({
        stream: newStream(),
        expected: 'no-stream',
        events: [newEvent({ index })],
      }));
      expect(await store().appendMany(appends)).toEqual(appends.map(() => ({ ok: true, revision: 0 })));
      const last = appends.at(-1);
      expect(idsOf(await store().read(last?.stream ?? ''))).toEqual(idsOf(last?.events ?? []));
    });

    it('lets each append of a call stand for itself', async () => {
      const [taken, free] = [newStream(), newStream()];
      await appendInTurn(store(), taken, 3);
      const outcomes = await store().appendMany([
        { stream: taken, expected: 'no-stream', events: [newEvent()] },
        { stream: free, expected: 'no-stream', events: [newEvent()] },
        { stream: taken, expected: 2, events: [newEvent()] },
        { stream: free, expected: 0, events: [newEvent()] },
      ]);
      expect(outcomes).toEqual([
        { ok: false, actual: 2 },
        { ok: true, revision: 0 },
        { ok: true, revision: 3 },
        { ok: true, revision: 1 },
      ]);
    });

    it.each<[string, Partial<StreamAppend>]>([
      ['no events', { events: [] }],
      ['an id that is no UUID', { events: [{ ...newEvent(), id: 'first' }] }],
      ['the same id twice', { events: Array<NewEvent>(2).fill(newEvent()) }],
      ['data that is no JSON', { events: [newEvent({ amount: 1n })] }],
      ['an event over the limit', { events: [newEvent({ text: 'x'.repeat(2 * 1024 * 1024) })] }],
      ['too many events', { events: Array.from({ length: 1_001 }, () => newEvent()) }],
      ['more bytes than one append may have', { events: Array.from({ length: 5 }, () => newEvent({ text: 'x'.repeat(1024 * 1024) })) }],
      ['a revision that cannot be', { expected: -1 }],
      ['a stream without a name', { stream: '' }],
    ])('refuses %s before anything is sent', async (_, broken) => {
      const [stream, other] = [newStream(), newStream()];
      const wrong = { stream, expected: 'no-stream', events: [newEvent()], ...broken } as const;
      await expect(store().append(wrong)).rejects.toBeInstanceOf(InvalidAppend);
      await expect(store().appendMany([{ stream: other, expected: 'no-stream', events: [newEvent()] }, wrong])).rejects.toBeInstanceOf(
        InvalidAppend,
      );
      expect([...(await store().read(stream)), ...(await store().read(other))]).toEqual([]);
    });
  });

  describe('reading', () => {
    it('finds nothing where no stream is', async () => {
      expect(await store().read(newStream())).toEqual([]);
    });

    it('goes through a stream in pages', async () => {
      const stream = newStream();
      const events = await appendInTurn(store(), stream, 7);
      const pages = await Promise.all([0, 3, 6, 9].map((from) => store().read(stream, { from, limit: 3 })));
      expect(pages.map((page) => page.length)).toEqual([3, 3, 1, 0]);
      expect(idsOf(pages.flat())).toEqual(idsOf(events));
    });
  });
};
