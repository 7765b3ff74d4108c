import { afterAll, beforeAll } from '@jest/globals';
import type { EventStore } from '../event-store.js';

/** A store on a server of the suite's own. */
export interface EventStoreUnderTest {
  /** One more instance, as another process would have. The suite closes it. */
  open(): Promise<EventStore>;
  /** Makes the server unreachable for every instance; the answer makes it reachable again. */
  interrupt?(): Promise<() => Promise<void>>;
  close(): Promise<void>;
}

/** What the suites of the contract work with. */
export interface Subject {
  /** The first instance. */
  readonly store: () => EventStore;
  readonly open: () => Promise<EventStore>;
  readonly interrupt: () => Promise<() => Promise<void>>;
}

/** Started before the first test of the suite that asks for it, closed after the last. */
export const startedSubject = (start: () => Promise<EventStoreUnderTest>): Subject => {
  let underTest: EventStoreUnderTest;
  let store: EventStore;
  const opened: EventStore[] = [];

  const open = async (): Promise<EventStore> => {
    const instance = await underTest.open();
    opened.push(instance);
    return instance;
  };

  beforeAll(async () => {
    underTest = await start();
    store = await open();
  }, 60_000);

  afterAll(async () => {
    await Promise.all(opened.map((instance) => instance.close()));
    await underTest.close();
  }, 60_000);

  return {
    store: () => store,
    open,
    interrupt: () => {
      if (!underTest.interrupt) throw new Error('this store cannot be interrupted');
      return underTest.interrupt();
    },
  };
};
