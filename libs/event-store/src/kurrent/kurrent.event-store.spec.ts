import { jest } from '@jest/globals';
import { describeEventStore, type EventStoreUnderTest } from '../testing/index.js';
import { parseConnectionString } from './connection-string.js';
import { openKurrentEventStore } from './index.js';
import { Gateway } from './testing/gateway.js';
import { KurrentDouble, type KurrentDoubleOptions } from './testing/index.js';

jest.setTimeout(60_000);

const opener = (url: string) => () => openKurrentEventStore({ url, applicationName: 'contract' });

const double = (edition: KurrentDoubleOptions['edition']) => async (): Promise<EventStoreUnderTest> => {
  const server = await KurrentDouble.start({ edition });
  return {
    open: opener(server.url),
    interrupt: async () => {
      await server.kill();
      return () => server.restart();
    },
    close: () => server.close(),
  };
};

describeEventStore('A double of KurrentDB 26.1', double('26.1'));
describeEventStore('A double of EventStoreDB 23.10', double('23.10'));

/** Behind a gateway that can be closed: the server is for others, too. */
const real =
  (url: string, { address, port }: { readonly address: string; readonly port: number }) =>
  async (): Promise<EventStoreUnderTest> => {
    const gateway = new Gateway(port, address);
    await gateway.open();
    const relayed = new URL(url);
    relayed.host = `127.0.0.1:${gateway.port}`;
    return {
      open: opener(relayed.href),
      interrupt: async () => {
        await gateway.close();
        return () => gateway.open();
      },
      close: () => gateway.close(),
    };
  };

const url = process.env['EVENTSTORE_URL'];

if (url !== undefined) {
  const name = 'The server of EVENTSTORE_URL';
  const { settings, channel } = parseConnectionString(url);
  // A certificate is for the server's own name, and a cluster tells the addresses of its members: both lead round the gateway.
  if ('endpoint' in settings && typeof settings.endpoint === 'object' && channel.insecure === true) {
    describeEventStore(name, real(url, settings.endpoint));
  } else {
    const open = opener(url);
    describeEventStore(name, () => Promise.resolve({ open, close: () => Promise.resolve() }), { interrupt: false });
  }
}
