import { createTestDatabase, outageFor, until, type Outage, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { StoreUnavailable, type EventStore, type StreamAppend } from '../event-store.js';
import { idsOf, newEvent, newStream } from '../testing/samples.js';
import { openPostgresEventStore } from './index.js';

let server: TestDatabase;
let outage: Outage;
let store: EventStore;

beforeAll(async () => {
  server = await createTestDatabase();
  outage = await outageFor(server.url);
  store = await openPostgresEventStore({ url: outage.url, applicationName: 'spec' });
});
afterAll(async () => {
  outage.speak();
  await store.close();
  await outage.close();
  await server.drop();
});

const created = (): StreamAppend => ({ stream: newStream(), expected: 'no-stream', events: [newEvent()] });

describe('appends to a server that has fallen silent', () => {
  it('end soon, also those that wait behind others; what was sent is stored later, and a repeat stores nothing twice', async () => {
    // Sessions enough for one to be free.
    await Promise.all([store.append(created()), ...Array.from({ length: 4 }, () => store.ping())]);
    outage.silence();
    const appends = [created(), created(), created()];
    const ended: unknown[] = [];
    for (const append of appends) {
      void store.append(append).then(
        () => ended.push('answered'),
        (error: unknown) => ended.push(error),
      );
      // The first one is on its way before the next one comes.
      await new Promise(setImmediate);
      await new Promise(setImmediate);
    }
    await until(() => ended.length === appends.length, 10_000);
    for (const outcome of ended) expect(outcome).toBeInstanceOf(StoreUnavailable);

    outage.speak();
    const [sent, waited] = appends;
    await until(async () => (await store.read(sent?.stream ?? '')).length > 0);
    expect(await store.read(waited?.stream ?? '')).toEqual([]);
    for (const append of appends) {
      expect(await store.append(append)).toEqual({ ok: true, revision: 0 });
      expect(idsOf(await store.read(append.stream))).toEqual(idsOf(append.events));
    }
  });
});
