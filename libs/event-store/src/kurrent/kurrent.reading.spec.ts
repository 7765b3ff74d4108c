import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import { StoreUnavailable, UnknownPosition, type EventStore, type FollowedBatch, type Position } from '../event-store.js';
import { appendInTurn, followUntil, idsOf, newEvent, newPrefix, newStream } from '../testing/samples.js';
import { openKurrentEventStore } from './index.js';
import { any } from './testing/event-log.js';
import { KurrentDouble } from './testing/index.js';
import type { EditionName } from './testing/edition.js';

jest.setTimeout(30_000);

describe.each<EditionName>(['23.10', '26.1'])('reading from a server of release %s', (edition) => {
  let double: KurrentDouble;
  let store: EventStore;
  const opened: EventStore[] = [];
  const open = async (timeoutMillis = 3_000): Promise<EventStore> => {
    const instance = await openKurrentEventStore({ url: double.url, applicationName: 'spec', timeoutMillis });
    opened.push(instance);
    return instance;
  };

  beforeEach(async () => {
    double = await KurrentDouble.start({ edition });
    store = await open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((instance) => instance.close()));
    await double.close();
  });

  /** Events of others, straight into the log: many of them in no time. */
  const foreign = (count: number): void => {
    const event = { type: 'foreign.v1', isJson: true, data: Buffer.from('{}'), metadata: Buffer.from('{}') };
    double.log.append(
      newStream(),
      any,
      Array.from({ length: count }, () => ({ ...event, id: newEvent().id })),
    );
  };

  it('finds nothing in a stream that was never written or has been hidden', async () => {
    const stream = newStream();
    await appendInTurn(store, stream, 3);
    double.log.delete(stream, any);
    expect(await store.read(stream)).toEqual([]);
    expect(await store.append({ stream, expected: 2, events: [newEvent()] })).toEqual({ ok: true, revision: 3 });
    expect((await store.read(stream)).map(({ revision }) => revision)).toEqual([3]);
  });

  it('says when a stream has been deleted for good', async () => {
    const stream = newStream();
    await appendInTurn(store, stream, 1);
    double.log.tombstone(stream, any);
    const gone = { code: 'stream_gone' };
    await expect(store.read(stream)).rejects.toMatchObject(gone);
    await expect(store.append({ stream, expected: 0, events: [newEvent()] })).rejects.toMatchObject(gone);
    await expect(store.ping()).resolves.toBeUndefined();
  });

  it('moves on while only others write, so that a restart need not look through all of it again', async () => {
    const prefix = newPrefix();
    await appendInTurn(store, newStream(prefix), 1);
    let batches = 0;
    await followUntil(store, { after: null, streamPrefixes: [prefix] }, () => {
      batches += 1;
      if (batches < 4) foreign(600);
      return batches === 4;
    });
    expect(batches).toBe(4);
  });

  it('gives no position before everything up to there has been given', async () => {
    const prefix = newPrefix();
    const expected: string[] = [];
    for (let round = 0; round < 25; round += 1) {
      foreign(round * 11);
      expected.push(...idsOf(await appendInTurn(store, newStream(prefix), 3)));
      foreign(40);
    }
    const seen: string[] = [];
    let after: Position | null = null;
    for (let batch: FollowedBatch | undefined; seen.length < expected.length; after = batch?.position ?? after) {
      const { batches } = await followUntil(store, { after, streamPrefixes: [prefix], batchSize: 2 }, () => true);
      [batch] = batches;
      seen.push(...idsOf(batch?.events ?? []));
    }
    expect(seen).toEqual(expected);
  });

  it('goes on without a gap and without a repeat, wherever connections break', async () => {
    const prefix = newPrefix();
    const other = await open();
    const writing = appendInTurn(other, newStream(prefix), 1).then(async (first) => {
      const more: string[] = [];
      for (let number = 0; number < 120; number += 1) {
        const stream = newStream(prefix);
        const event = newEvent({ number });
        const append = { stream, expected: 'no-stream', events: [event] } as const;
        while (
          !(await other.append(append).then(
            () => true,
            () => false,
          ))
        );
        more.push(event.id);
      }
      return [...idsOf(first), ...more];
    });
    const seen: string[] = [];
    let after: Position | null = null;
    let breaks = 0;
    while (seen.length < 121) {
      try {
        await followUntil(store, { after, streamPrefixes: [prefix], batchSize: 5 }, (_, batch) => {
          seen.push(...idsOf(batch.events));
          after = batch.position;
          if (breaks < 8 && seen.length > breaks * 12) {
            breaks += 1;
            double.dropConnections();
          }
          return seen.length >= 121;
        });
      } catch (error) {
        if (!(error instanceof StoreUnavailable)) throw error;
      }
    }
    expect(seen).toEqual(await writing);
    expect(breaks).toBe(8);
  });

  it('refuses a position behind the end: one release would go back, the other one stay silent', async () => {
    const after = 'kurrent:1000000000/1000000000' as Position;
    await expect(followUntil(store, { after, streamPrefixes: [newPrefix()] }, () => true)).rejects.toBeInstanceOf(UnknownPosition);
  });

  it('refuses a position at which nothing begins', async () => {
    await appendInTurn(store, newStream(), 2);
    const follow = followUntil(store, { after: 'kurrent:549/549' as Position, streamPrefixes: [newPrefix()] }, () => true);
    await expect(follow).rejects.toBeInstanceOf(edition === '26.1' ? UnknownPosition : StoreUnavailable);
  });

  // What does not depend on the release.
  if (edition === '26.1') {
    it('asks for plain answers: unpacking them one by one costs most of the speed', async () => {
      const prefix = newPrefix();
      const stream = newStream(prefix);
      await appendInTurn(store, stream, 2);
      await store.read(stream);
      await followUntil(store, { after: null, streamPrefixes: [prefix] }, (events) => events.length === 2);
      expect([...double.acceptedEncodings]).toEqual(['identity']);
    });

    it('leaves no call behind, however it ends', async () => {
      const prefix = newPrefix();
      const stream = newStream(prefix);
      await appendInTurn(store, stream, 30);
      for (let round = 0; round < 40; round += 1) {
        await store.read(stream, { limit: 1 });
        await store.read(newStream());
        await followUntil(store, { after: null, streamPrefixes: [prefix], batchSize: 1 }, () => true);
        const stop = new AbortController();
        for await (const { events } of store.follow({ after: null, streamPrefixes: [prefix], signal: stop.signal })) {
          if (events.length > 0) stop.abort();
        }
      }
      expect(await store.read(stream)).toHaveLength(30);
      await until(() => double.openCalls === 0);
    });

    it('leaves no connection behind', async () => {
      const second = await open(300);
      double.freeze();
      await expect(second.ping()).rejects.toBeInstanceOf(StoreUnavailable);
      double.thaw();
      await until(async () => {
        await second.ping().catch(() => undefined);
        return double.connections <= 2;
      });
      await second.close();
      await store.close();
      await until(() => double.connections === 0);
      await expect(store.ping()).rejects.toBeInstanceOf(StoreUnavailable);
    });

    it('lets the server filter', async () => {
      const prefix = newPrefix();
      foreign(3_000);
      await appendInTurn(store, newStream(prefix), 2);
      const before = double.sent;
      const { events } = await followUntil(store, { after: null, streamPrefixes: [prefix] }, (all) => all.length === 2);
      expect(events).toHaveLength(2);
      expect(double.sent - before).toBeLessThan(30);
    });

    it('notices when a server that it follows stands still', async () => {
      const prefix = newPrefix();
      await appendInTurn(store, newStream(prefix), 1);
      const hasty = await open(300);
      const following = followUntil(hasty, { after: null, streamPrefixes: [prefix] }, () => {
        double.freeze();
        return false;
      });
      await expect(following).rejects.toBeInstanceOf(StoreUnavailable);
      double.thaw();
    });

    it('keeps following through silence', async () => {
      const prefix = newPrefix();
      const hasty = await open(200);
      await appendInTurn(store, newStream(prefix), 1);
      const pings = double.calls.get('read') ?? 0;
      const following = followUntil(hasty, { after: null, streamPrefixes: [prefix] }, (events) => events.length === 2);
      await until(() => (double.calls.get('read') ?? 0) > pings + 5);
      await appendInTurn(store, newStream(prefix), 1);
      expect((await following).events).toHaveLength(2);
    });

    it('does not go on over an event that is none of ours', async () => {
      const prefix = newPrefix();
      const stream = newStream(prefix);
      const ours = await appendInTurn(store, stream, 3);
      const strange = { id: newEvent().id, type: 'strange', isJson: false, data: Buffer.from([1, 2]), metadata: Buffer.alloc(0) };
      double.log.append(stream, any, [strange]);
      await appendInTurn(store, newStream(prefix), 2);
      await expect(store.read(stream)).rejects.toMatchObject({ code: 'foreign_event' });
      const seen: string[] = [];
      const following = followUntil(store, { after: null, streamPrefixes: [prefix] }, (_, batch) => {
        seen.push(...idsOf(batch.events));
        return false;
      });
      await expect(following).rejects.toMatchObject({ code: 'foreign_event' });
      expect(seen).toEqual(idsOf(ours));
    });
  }
});
