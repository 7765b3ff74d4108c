import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { until } from '@scheduled-scripts/postgres/testing';
import { InvalidAppend, StoreUnavailable, type EventStore, type StreamAppend } from '../event-store.js';
import { idsOf, newEvent, newStream } from '../testing/samples.js';
import { openKurrentEventStore } from './index.js';
import { CallFailed, KurrentDouble } from './testing/index.js';

jest.setTimeout(30_000);

/** A machine that has other things to do must not look like a server that has died. */
const patient = 3_000;
const impatient = 300;

const persist = async <T>(work: () => Promise<T>): Promise<T> => {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }
};

const created = (count = 1): StreamAppend => ({
  stream: newStream(),
  expected: 'no-stream',
  events: Array.from({ length: count }, (_, number) => newEvent({ number })),
});

describe('appending to KurrentDB', () => {
  let double: KurrentDouble;
  let store: EventStore;
  const opened: EventStore[] = [];
  const open = async (timeoutMillis = patient, url = double.url): Promise<EventStore> => {
    const instance = await openKurrentEventStore({ url, applicationName: 'spec', timeoutMillis });
    opened.push(instance);
    return instance;
  };

  beforeEach(async () => {
    double = await KurrentDouble.start();
    store = await open();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((instance) => instance.close()));
    await double.close();
  });

  const stored = (stream: string): readonly string[] => idsOf(double.log.visible(stream));
  const appends = (): number => double.calls.get('append') ?? 0;
  const circular: Record<string, unknown> = {};
  circular['self'] = circular;

  it.each([
    ['a type that is empty', { ...newEvent(), type: '' }],
    ['an id that is no UUID', { ...newEvent(), id: 'first' }],
    ['a number that JSON does not have', newEvent({ amount: 1n })],
    ['data that contains itself', newEvent(circular)],
    [
      'data that throws',
      newEvent({
        toJSON: () => {
          throw new Error('no');
        },
      }),
    ],
  ])('never sends %s', async (_, event) => {
    await expect(store.append({ ...created(), events: [event] })).rejects.toBeInstanceOf(InvalidAppend);
    expect(appends()).toBe(0);
    expect(await store.append(created())).toEqual({ ok: true, revision: 0 });
  });

  it('never sends more than the smallest server takes, and says so when a server takes less', async () => {
    const large = { ...created(), events: [newEvent({ text: 'x'.repeat(1_000_000) })] };
    await expect(store.append(large)).rejects.toBeInstanceOf(InvalidAppend);
    expect(appends()).toBe(0);
    const trailers = { exception: 'maximum-append-size-exceeded', 'maximum-append-size': '1000' };
    double.next('append', { kind: 'fail', with: new CallFailed(3, 'Maximum Append Size of 1000 Exceeded.', trailers) });
    await expect(store.append(created())).rejects.toBeInstanceOf(InvalidAppend);
  });

  it('uses one call for each append, and never the shared one', async () => {
    await store.appendMany([created(), created(2), created()]);
    expect(appends()).toBe(3);
    expect([double.calls.get('batchAppend'), double.calls.get('features')]).toEqual([undefined, undefined]);
  });

  it('keeps what it stores as JSON, as it was when it was handed over', async () => {
    const data = { state: 'before' };
    const append = { ...created(), events: [newEvent(data)] };
    const appending = store.append(append);
    data.state = 'after';
    await appending;
    const [record] = double.log.visible(append.stream);
    expect([record?.isJson, JSON.parse(Buffer.from(record?.data ?? []).toString())]).toEqual([true, { state: 'before' }]);
  });

  it('does not know what became of an append whose answer is lost; a repeat tells', async () => {
    const append = created(2);
    double.next('append', { kind: 'lose answer' }, { kind: 'drop' });
    await expect(store.append(append)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(stored(append.stream)).toEqual(idsOf(append.events));
    await expect(store.append(append)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await store.append(append)).toEqual({ ok: true, revision: 1 });
    expect(stored(append.stream)).toEqual(idsOf(append.events));
  });

  it('stores each append once, whichever answers are lost', async () => {
    const all = Array.from({ length: 60 }, () => created(2));
    double.next(
      'append',
      ...Array.from({ length: 90 }, (_, index) => ({ kind: index % 3 === 0 ? 'lose answer' : 'delay', millis: 1 }) as const),
    );
    expect(await Promise.all(all.map((append) => persist(() => store.append(append))))).toEqual(all.map(() => ({ ok: true, revision: 1 })));
    for (const { stream, events } of all) expect(stored(stream)).toEqual(idsOf(events));
  });

  it('is over when the server is killed, and as good as before when it is back', async () => {
    const under = created();
    double.next('append', { kind: 'hang' });
    const way = store.append(under).catch((error: unknown) => error);
    await until(() => appends() === 1);
    await double.kill();
    expect(await way).toBeInstanceOf(StoreUnavailable);
    // Long enough for a connection that has failed again and again to be in no hurry any more.
    const since = performance.now();
    await until(async () => {
      await expect(store.append(under)).rejects.toBeInstanceOf(StoreUnavailable);
      return performance.now() - since > 1_500;
    });
    await double.restart();
    expect(await store.append(under)).toEqual({ ok: true, revision: 0 });
    expect(stored(under.stream)).toHaveLength(1);
  });

  it('does not wait for a server that stands still', async () => {
    const append = created();
    const hasty = await open(impatient);
    double.freeze();
    await expect(hasty.append(append)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(hasty.read(append.stream)).rejects.toBeInstanceOf(StoreUnavailable);
    await expect(hasty.ping()).rejects.toBeInstanceOf(StoreUnavailable);
    double.thaw();
    expect(await store.append(append)).toEqual({ ok: true, revision: 0 });
    expect(stored(append.stream)).toHaveLength(1);
  });

  it('takes a new connection when the old one has gone silent', async () => {
    const append = created();
    const hasty = await open(impatient);
    double.forgetConnections();
    await expect(hasty.append(append)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await persist(() => hasty.append(append))).toEqual({ ok: true, revision: 0 });
  });

  it('waits its turn when too much is asked at once, but not for ever', async () => {
    const hasty = await open(impatient);
    double.freeze();
    const asked = await Promise.allSettled(Array.from({ length: 300 }, () => hasty.append(created())));
    expect(asked.every((one) => one.status === 'rejected' && one.reason instanceof StoreUnavailable)).toBe(true);
    expect(double.openCalls).toBeLessThanOrEqual(100);
    double.thaw();
    const many = Array.from({ length: 300 }, () => created());
    expect(await persist(() => hasty.appendMany(many))).toEqual(many.map(() => ({ ok: true, revision: 0 })));
  });

  it('is not disturbed by the death of another server', async () => {
    const other = await KurrentDouble.start();
    const otherStore = await open(patient, other.url);
    double.next('append', { kind: 'delay', millis: 200 });
    other.next('append', { kind: 'hang' });
    const slow = store.append(created());
    const doomed = otherStore.append(created()).catch((error: unknown) => error);
    await until(() => appends() === 1 && other.calls.get('append') === 1);
    await other.close();
    expect(await doomed).toBeInstanceOf(StoreUnavailable);
    expect(await slow).toEqual({ ok: true, revision: 0 });
    expect(await store.append(created())).toEqual({ ok: true, revision: 0 });
  });

  it('goes where the leader is', async () => {
    const leader = await KurrentDouble.start();
    const append = created();
    const trailers = { exception: 'not-leader', 'leader-endpoint-host': '127.0.0.1', 'leader-endpoint-port': new URL(leader.url).port };
    double.next('append', { kind: 'fail', with: new CallFailed(5, 'Leader info available', trailers) });
    await expect(store.append(append)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await persist(() => store.append(append))).toEqual({ ok: true, revision: 0 });
    expect([stored(append.stream), idsOf(leader.log.visible(append.stream))]).toEqual([[], idsOf(append.events)]);
    await store.close();
    await leader.close();
  });

  it('finds the nodes of a cluster', async () => {
    const { host } = new URL(double.url);
    for (const url of [`esdb+discover://${host}?tls=false`, `kurrentdb://127.0.0.1:1,${host}?tls=false&maxDiscoverAttempts=3`]) {
      expect(await (await open(patient, url)).append(created())).toEqual({ ok: true, revision: 0 });
    }
    const hasty = await openKurrentEventStore({ url: `esdb+discover://${host}?tls=false`, applicationName: 'spec' });
    await double.kill();
    await expect(hasty.append(created())).rejects.toBeInstanceOf(StoreUnavailable);
    await double.restart();
    expect(await persist(() => hasty.append(created()))).toEqual({ ok: true, revision: 0 });
    await hasty.close();
  });

  it('fails a call of many as a whole, and a repeat of it answers for all', async () => {
    const many = Array.from({ length: 100 }, () => created());
    double.next('append', ...Array.from({ length: 40 }, () => ({ kind: 'delay', millis: 1 }) as const), { kind: 'lose answer' });
    await expect(store.appendMany(many)).rejects.toBeInstanceOf(StoreUnavailable);
    expect(await persist(() => store.appendMany(many))).toEqual(many.map(() => ({ ok: true, revision: 0 })));
    for (const { stream } of many) expect(stored(stream)).toHaveLength(1);
  });

  it.each([
    [
      'another node leads',
      new CallFailed(5, 'Leader info available', {
        exception: 'not-leader',
        'leader-endpoint-host': '127.0.0.1',
        'leader-endpoint-port': '1',
      }),
    ],
    ['access is denied', new CallFailed(7, 'Access Denied', { exception: 'access-denied' })],
    ['the server aborts', new CallFailed(10, 'Operation timed out')],
    ['the server fails', new CallFailed(13, 'Internal')],
  ])('is unavailable when %s', async (_, failure) => {
    double.next('append', { kind: 'fail', with: failure });
    await expect(store.append(created())).rejects.toMatchObject({ code: 'store_unavailable', cause: expect.anything() });
  });
});
