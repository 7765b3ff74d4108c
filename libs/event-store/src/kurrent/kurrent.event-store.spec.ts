import { jest } from '@jest/globals';
import { outageFor } from '@scheduled-scripts/postgres/testing';
import { describeEventStore, type EventStoreUnderTest } from '../testing/index.js';
import { parseConnectionString } from './connection-string.js';
import { openKurrentEventStore } from './index.js';
import { KurrentDouble, type KurrentDoubleOptions } from './testing/index.js';

jest.setTimeout(60_000);

/** Behind a link that can be cut. */
const behindLink = async (url: string, close: () => Promise<void>): Promise<EventStoreUnderTest> => {
  const outage = await outageFor(url);
  return {
    open: () => openKurrentEventStore({ url: outage.url, applicationName: 'contract' }),
    interrupt: async () => {
      await outage.interrupt();
      return () => outage.restore();
    },
    close: async () => {
      await outage.close();
      await close();
    },
  };
};

const double = (edition: KurrentDoubleOptions['edition']) => async (): Promise<EventStoreUnderTest> => {
  const server = await KurrentDouble.start({ edition });
  return behindLink(server.url, () => server.close());
};

describeEventStore('A double of KurrentDB 26.1', double('26.1'));
describeEventStore('A double of EventStoreDB 23.10', double('23.10'));

const real = process.env['EVENTSTORE_URL'];

if (real !== undefined) {
  const { settings, channel } = parseConnectionString(real);
  // A certificate is for the server's own name, and a cluster tells the addresses of its members: both lead round the link.
  const canCut = 'endpoint' in settings && channel.insecure === true;
  const start = async (): Promise<EventStoreUnderTest> => {
    if (!canCut) {
      const open = () => openKurrentEventStore({ url: real, applicationName: 'contract' });
      return { open, close: () => Promise.resolve() };
    }
    const url = new URL(real);
    if (url.port === '') url.port = '2113';
    return behindLink(url.href, () => Promise.resolve());
  };
  describeEventStore('The server of EVENTSTORE_URL', start, { interrupt: canCut });
}
