import { describe, jest } from '@jest/globals';
import { describeDelivery } from './delivery.contract.js';
import { describeGroups } from './groups.contract.js';
import { describeOutages } from './outages.contract.js';
import { describePublishing } from './publishing.contract.js';
import { setScene, type MessagingHarness } from './scene.js';

/** Everything that the ports promise, whatever the transport. */
export const describeMessaging = (name: string, factory: () => Promise<MessagingHarness>): void => {
  jest.setTimeout(120_000);
  describe(name, () => {
    const scene = setScene(factory);
    describePublishing(scene);
    describeDelivery(scene);
    describeGroups(scene);
    describeOutages(scene);
  });
};
