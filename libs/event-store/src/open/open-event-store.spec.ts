import { describe, expect, it } from '@jest/globals';
import { openEventStore } from './index.js';

describe('opening an event store', () => {
  it.each(['mysql://localhost/events', 'nowhere', ''])('says what it does not know: %j', async (url) => {
    await expect(openEventStore({ url, applicationName: 'spec' })).rejects.toThrow(
      'known are postgres:, postgresql:, esdb: and kurrentdb:',
    );
  });
});
