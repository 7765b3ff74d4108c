import { outageFor } from '@scheduled-scripts/postgres/testing';
import { describeEventStore } from '../testing/index.js';
import { openKurrentEventStore } from './index.js';
import { KurrentDouble } from './testing/index.js';

describeEventStore('Kurrent', async () => {
  const double = await KurrentDouble.start();
  const outage = await outageFor(double.url);
  return {
    open: () => openKurrentEventStore({ url: outage.url, applicationName: 'contract' }),
    interrupt: async () => {
      await outage.interrupt();
      return () => outage.restore();
    },
    close: async () => {
      await outage.close();
      await double.close();
    },
  };
});
