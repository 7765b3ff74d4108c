import { describe, expect, it } from '@jest/globals';
import { KurrentDouble } from '../kurrent/testing/index.js';
import { openEventStore } from './index.js';

describe('opening an event store', () => {
  it.each(['esdb', 'kurrentdb', 'esdb+discover', 'kurrentdb+discover'])('knows %s:', async (scheme) => {
    const double = await KurrentDouble.start();
    const store = await openEventStore({ url: double.url.replace('esdb', scheme), applicationName: 'spec' });
    await expect(store.ping()).resolves.toBeUndefined();
    await store.close();
    await double.close();
  });

  it.each(['mysql://localhost/events', 'nowhere', ''])('says what it does not know: %j', async (url) => {
    await expect(openEventStore({ url, applicationName: 'spec' })).rejects.toThrow(
      'known are postgres:, postgresql:, esdb: and kurrentdb:',
    );
  });
});
