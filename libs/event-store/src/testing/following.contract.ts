import { beforeAll, describe, expect, it } from '@jest/globals';
import { UnknownPosition, type EventStore, type Position, type RecordedEvent } from '../event-store.js';
import { appendInTurn, followUntil, here, idsOf, newEvent, newPrefix, newStream } from './samples.js';
import type { Subject } from './subject.js';

const count = (wanted: number) => (events: readonly unknown[]) => events.length >= wanted;

/** Several events to several streams, over and over, every writer its own. */
const writeMuch = async (store: EventStore, prefix: string, rounds: number): Promise<number> => {
  const streams = [newStream(prefix), newStream(prefix)];
  for (let round = 0; round < rounds; round += 1) {
    const appends = streams.map((stream) => ({
      stream,
      expected: round === 0 ? ('no-stream' as const) : round * 2 - 1,
      events: [newEvent(), newEvent()],
    }));
    const outcomes = round % 3 === 0 ? await store.appendMany(appends) : await Promise.all(appends.map((one) => store.append(one)));
    if (outcomes.some(({ ok }) => !ok)) throw new Error('a writer of its own streams lost a race');
  }
  return rounds * 4;
};

const revisionsByStream = (events: readonly RecordedEvent[]): readonly (readonly number[])[] => {
  const streams = new Map<string, number[]>();
  for (const { stream, revision } of events) streams.set(stream, [...(streams.get(stream) ?? []), revision]);
  return [...streams.values()];
};

export const describeFollowing = ({ store, open }: Subject): void => {
  describe('following', () => {
    let start: Position;
    beforeAll(async () => {
      start = await here(store());
    });

    it('begins at the first event ever and goes through all of them in batches', async () => {
      const prefix = newPrefix();
      const first = await appendInTurn(store(), newStream(prefix), 4);
      const second = await appendInTurn(store(), newStream(prefix), 3);
      const { events, batches } = await followUntil(store(), { after: null, streamPrefixes: [prefix], batchSize: 3 }, count(7));
      expect(idsOf(events)).toEqual(idsOf([...first, ...second]));
      expect(Math.max(...batches.map((batch) => batch.events.length))).toBeLessThanOrEqual(3);
      expect(events.map(({ data }) => data['number'])).toEqual([0, 1, 2, 3, 0, 1, 2]);
    }, 60_000);

    it('goes on with what is appended later, by any process', async () => {
      const prefix = newPrefix();
      const other = await open();
      await appendInTurn(store(), newStream(prefix), 1);
      let appended: Promise<unknown> = Promise.resolve();
      const { events } = await followUntil(store(), { after: start, streamPrefixes: [prefix] }, (soFar) => {
        if (soFar.length < 5) appended = appended.then(() => appendInTurn(other, newStream(prefix), 1));
        return soFar.length >= 5;
      });
      await appended;
      expect(events.map(({ revision }) => revision)).toEqual([0, 0, 0, 0, 0]);
    });

    it('gives only streams with one of the prefixes', async () => {
      const [wanted, alsoWanted, other] = [newPrefix(), newPrefix(), newPrefix()];
      const streams = [newStream(wanted), newStream(other), newStream(alsoWanted), `x${newStream(wanted)}`];
      for (const stream of streams) await appendInTurn(store(), stream, 2);
      const last = newStream(wanted);
      await appendInTurn(store(), last, 1);
      const { events } = await followUntil(store(), { after: start, streamPrefixes: [wanted, alsoWanted] }, (soFar) =>
        soFar.some(({ stream }) => stream === last),
      );
      expect(events.map(({ stream }) => stream)).toEqual([streams[0], streams[0], streams[2], streams[2], last]);
    });

    it('takes a prefix as it is written', async () => {
      const stream = newStream();
      await appendInTurn(store(), stream, 1);
      await appendInTurn(store(), `_${stream}`, 1);
      const { events } = await followUntil(store(), { after: start, streamPrefixes: [`_${stream.slice(0, 20)}`, '%'] }, count(1));
      expect(events.map((event) => event.stream)).toEqual([`_${stream}`]);
    });

    it('goes on behind the position of a batch', async () => {
      const prefix = newPrefix();
      const events = await appendInTurn(store(), newStream(prefix), 10);
      const first = await followUntil(store(), { after: start, streamPrefixes: [prefix], batchSize: 4 }, count(4));
      const after = first.batches.at(-1)?.position ?? null;
      const rest = await followUntil(await open(), { after, streamPrefixes: [prefix], batchSize: 4 }, count(10 - first.events.length));
      expect(idsOf([...first.events, ...rest.events])).toEqual(idsOf(events));
    });

    it('goes on behind the position of an event', async () => {
      const prefix = newPrefix();
      const events = await appendInTurn(store(), newStream(prefix), 4);
      const { events: all } = await followUntil(store(), { after: start, streamPrefixes: [prefix] }, count(4));
      const rest = await followUntil(store(), { after: all[1]?.position ?? null, streamPrefixes: [prefix] }, count(2));
      expect(idsOf(rest.events)).toEqual(idsOf(events.slice(2)));
    });

    it('moves its position past events that it does not give', async () => {
      const [silent, prefix] = [newPrefix(), newPrefix()];
      await appendInTurn(store(), newStream(prefix), 1);
      const seen = await followUntil(store(), { after: start, streamPrefixes: [prefix] }, count(1));
      const before = seen.batches.at(-1)?.position ?? null;
      await appendInTurn(store(), newStream(), 3);
      const { events, batches } = await followUntil(store(), { after: before, streamPrefixes: [silent] }, () => true);
      expect(events).toEqual([]);
      expect(batches[0]?.position).not.toBe(before);
    });

    it('ends when it is told to, also while it waits', async () => {
      const prefix = newPrefix();
      const stop = new AbortController();
      await appendInTurn(store(), newStream(prefix), 1);
      const seen: string[] = [];
      for await (const { events } of store().follow({ after: start, streamPrefixes: [prefix], signal: stop.signal })) {
        seen.push(...idsOf(events));
        if (seen.length > 0) setImmediate(() => stop.abort());
      }
      expect(seen).toHaveLength(1);
      for await (const batch of store().follow({ after: start, streamPrefixes: [prefix], signal: stop.signal })) seen.push(batch.position);
      expect(seen).toHaveLength(1);
    });

    it('refuses a position that is none of this store', async () => {
      const follow = followUntil(store(), { after: 'elsewhere:1' as Position, streamPrefixes: [newPrefix()] }, () => true);
      await expect(follow).rejects.toBeInstanceOf(UnknownPosition);
    });

    it('skips nothing and repeats nothing while many write in several processes', async () => {
      const prefix = newPrefix();
      const writers = 18;
      const rounds = 12;
      const stores = await Promise.all([open(), open(), open(), open()]);
      const total = writers * rounds * 4;
      const followers = [stores[0], stores[1], store()].map((one, index) =>
        followUntil(one ?? store(), { after: start, streamPrefixes: [prefix], batchSize: [7, 50, 500][index] ?? 500 }, count(total)),
      );
      await Promise.all(Array.from({ length: writers }, (_, index) => writeMuch(stores[index % 4] ?? store(), prefix, rounds)));
      const seen = (await Promise.all(followers)).map(({ events }) => events);
      const { events: stored } = await followUntil(store(), { after: start, streamPrefixes: [prefix] }, count(total));
      expect(stored).toHaveLength(total);
      for (const events of seen) expect(events).toEqual(stored);
      for (const revisions of revisionsByStream(stored)) expect(revisions).toEqual(revisions.map((_, index) => index));
    }, 60_000);
  });
};
