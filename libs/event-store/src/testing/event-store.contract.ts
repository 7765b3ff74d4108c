import { afterAll, beforeAll, describe } from '@jest/globals';
import type { EventStore } from '../event-store.js';
import { describeAppending } from './appending.contract.js';
import { describeFollowing } from './following.contract.js';
import { describeOutages } from './outages.contract.js';
import { describeRepeats } from './repeats.contract.js';

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

/** Every guarantee of the port, as tests: for each adapter. */
export const describeEventStore = (name: string, start: () => Promise<EventStoreUnderTest>, has = { interrupt: true }): void => {
  describe(`${name} as an event store`, () => {
    let underTest: EventStoreUnderTest;
    let store: EventStore;
    const opened: EventStore[] = [];

    const subject: Subject = {
      store: () => store,
      open: async () => {
        const instance = await underTest.open();
        opened.push(instance);
        return instance;
      },
      interrupt: () => {
        if (!underTest.interrupt) throw new Error('this store cannot be interrupted');
        return underTest.interrupt();
      },
    };

    beforeAll(async () => {
      underTest = await start();
      store = await subject.open();
    }, 60_000);

    afterAll(async () => {
      await Promise.all(opened.map((instance) => instance.close()));
      await underTest.close();
    }, 60_000);

    describeAppending(subject);
    describeRepeats(subject);
    describeFollowing(subject);
    if (has.interrupt) describeOutages(subject);
  });
};
