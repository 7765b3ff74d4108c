import { once } from 'node:events';
import { createServer, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { startGateway, type Gateway } from '../stack/gateway.js';

export interface GatewayBench {
  /** A service of the test's own; where it is. */
  readonly serve: (listener: RequestListener) => Promise<string>;
  readonly gatewayTo: (commandApi: string, queryApi?: string) => Promise<Gateway>;
  /** What else is to be stopped with them. */
  readonly opened: (Gateway | Server)[];
  readonly stopAll: () => Promise<void>;
}

export const gatewayBench = (): GatewayBench => {
  const opened: (Gateway | Server)[] = [];
  return {
    opened,
    serve: async (listener) => {
      const server = createServer(listener).listen(0, '127.0.0.1');
      opened.push(server);
      await once(server, 'listening');
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    },
    gatewayTo: async (commandApi, queryApi = commandApi) => {
      const gateway = await startGateway(0, { commandApi: () => commandApi, queryApi: () => queryApi });
      opened.push(gateway);
      return gateway;
    },
    stopAll: async () => {
      for (const one of opened.splice(0)) {
        if ('stop' in one) await one.stop();
        else one.close().closeAllConnections();
      }
    },
  };
};

/** What comes back for these bytes until the connection is closed. */
export const exchange = async ({ url }: Gateway, bytes: string): Promise<string> => {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').setEncoding('latin1');
  socket.write(bytes, 'latin1');
  return text(socket);
};
