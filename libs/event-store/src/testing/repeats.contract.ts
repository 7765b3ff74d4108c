import { describe, expect, it } from '@jest/globals';
import type { StreamAppend } from '../event-store.js';
import { idsOf, newEvent, newStream } from './samples.js';
import type { Subject } from './subject.js';

const created = (count = 2): StreamAppend => ({
  stream: newStream(),
  expected: 'no-stream',
  events: Array.from({ length: count }, (_, number) => newEvent({ number })),
});

/** An answer that got lost: the caller asks again with the same ids and the same expectation. */
export const describeRepeats = ({ store, open }: Subject): void => {
  describe('an append that is repeated', () => {
    it('is stored once and answered as the first time, by any process', async () => {
      const append = created();
      const answer = await store().append(append);
      expect(await store().append(append)).toEqual(answer);
      expect(await (await open()).append(append)).toEqual(answer);
      expect(idsOf(await store().read(append.stream))).toEqual(idsOf(append.events));
    });

    it('is recognised when others have written since', async () => {
      const append = created();
      await store().append(append);
      await store().append({ stream: append.stream, expected: 1, events: [newEvent()] });
      expect(await store().append(append)).toEqual({ ok: true, revision: 1 });
      expect(await store().read(append.stream)).toHaveLength(3);
    });

    it('is recognised in the middle of a stream', async () => {
      const first = created();
      const second = { stream: first.stream, expected: 1, events: [newEvent()] };
      await store().append(first);
      await store().append(second);
      expect(await store().append(second)).toEqual({ ok: true, revision: 2 });
      expect(await store().read(first.stream)).toHaveLength(3);
    });

    it('is stored once when both are under way at the same time', async () => {
      const append = created();
      const other = await open();
      const answers = await Promise.all([store().append(append), store().append(append), other.append(append), other.append(append)]);
      expect(answers).toEqual(answers.map(() => ({ ok: true, revision: 1 })));
      expect(idsOf(await store().read(append.stream))).toEqual(idsOf(append.events));
    });

    it('is recognised for each stream of a call', async () => {
      const appends = [created(1), created(3), created(1)];
      await store().appendMany(appends.slice(0, 2));
      expect(await store().appendMany(appends)).toEqual([
        { ok: true, revision: 0 },
        { ok: true, revision: 2 },
        { ok: true, revision: 0 },
      ]);
      expect(await store().read(appends[1]?.stream ?? '')).toHaveLength(3);
    });

    it('is no repeat with other events', async () => {
      const append = created();
      await store().append(append);
      const [first] = append.events;
      const changed = { ...append, events: [first ?? newEvent(), newEvent()] };
      expect(await store().append(changed)).toEqual({ ok: false, actual: 1 });
      expect(await store().append({ ...append, events: [newEvent()] })).toEqual({ ok: false, actual: 1 });
      expect(await store().append({ ...append, events: [...append.events, newEvent()] })).toEqual({ ok: false, actual: 1 });
      expect(idsOf(await store().read(append.stream))).toEqual(idsOf(append.events));
    });
  });
};
