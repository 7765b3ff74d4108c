import { describe } from '@jest/globals';
import { describeAppending } from './appending.contract.js';
import { describeFollowing } from './following.contract.js';
import { describeOutages } from './outages.contract.js';
import { describeRepeats } from './repeats.contract.js';
import { startedSubject, type EventStoreUnderTest } from './subject.js';

/** Every guarantee of the port, as tests: for each adapter. */
export const describeEventStore = (name: string, start: () => Promise<EventStoreUnderTest>, has = { interrupt: true }): void => {
  describe(`${name} as an event store`, () => {
    const subject = startedSubject(start);
    describeAppending(subject);
    describeRepeats(subject);
    describeFollowing(subject);
    if (has.interrupt) describeOutages(subject);
  });
};
