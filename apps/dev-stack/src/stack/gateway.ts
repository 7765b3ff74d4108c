import httpProxy from '@fastify/http-proxy';
import { fastify } from 'fastify';
import type { Services } from './services.js';

export interface Gateway {
  readonly url: string;
  stop(): Promise<void>;
}

/** Reads go to query-api, everything else to command-api. Asking for authorization is a GET with an effect: it is a command. */
const isRead = (method: string, path: string): boolean =>
  (method === 'GET' || method === 'HEAD') && path.startsWith('/scripts/scheduled') && !path.endsWith('/authorize');

const unavailable = {
  type: 'api_error',
  code: 'dependency_unavailable',
  message: 'The service behind this address does not answer. Try again shortly.',
  doc_url: 'https://docs.scheduled-scripts.example/errors#dependency_unavailable',
};

/** One address for both APIs, as the gateway in front of them would give. */
export const startGateway = async (port: number, { commandApi, queryApi }: Pick<Services, 'commandApi' | 'queryApi'>): Promise<Gateway> => {
  const server = fastify({ forceCloseConnections: true, bodyLimit: 2 * 1_024 * 1_024 });
  await server.register(httpProxy, {
    upstream: '',
    replyOptions: {
      getUpstream: (request) => (isRead(request.method, (request.url ?? '').split('?')[0] ?? '') ? queryApi() : commandApi()),
      onError: (reply) => {
        void reply.code(503).header('retry-after', '1').send(unavailable);
      },
    },
  });
  const url = await server.listen({ host: '127.0.0.1', port });
  return { url, stop: () => server.close() };
};
