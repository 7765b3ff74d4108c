// The stack, in a process that can be asked what it holds. Its clocks for slow clients run faster than those of a real one.
import { channel } from 'node:diagnostics_channel';
import { registerSites } from '../../job/register-sites.js';
import { startStack } from '../../stack/stack.js';
import type { FuzzedStack, Held, ServedRoute } from './fuzz-stack.js';

interface RouteOptions {
  readonly method: string | readonly string[];
  readonly url: string;
}

interface HttpServer {
  addHook(name: 'onRoute', hook: (route: RouteOptions) => void): void;
  readonly server: { address(): unknown };
}

const portOf = ({ server }: HttpServer): string => {
  const address = server.address();
  return typeof address === 'object' && address !== null && 'port' in address ? String(address.port) : '';
};

const servers = new Map<HttpServer, { readonly method: string; readonly path: string }[]>();
// Routes are taken from whatever serves them, so that one that is new here is not forgotten.
channel('fastify.initialization').subscribe((message) => {
  const { fastify } = message as { fastify: HttpServer };
  const routes: { method: string; path: string }[] = [];
  servers.set(fastify, routes);
  fastify.addHook('onRoute', ({ method, url }) => {
    for (const one of [method].flat()) routes.push({ method: one, path: url });
  });
});

const stack = await startStack({
  data: process.argv[2] ?? '',
  port: 0,
  say: () => undefined,
  environment: { HEADERS_TIMEOUT_MILLIS: '1500', REQUEST_TIMEOUT_MILLIS: '3000' },
});
const { connection } = stack;

const routesOf = (service: ServedRoute['service'], url: string): readonly ServedRoute[] =>
  [...servers].flatMap(([server, routes]) => (portOf(server) === new URL(url).port ? routes.map((route) => ({ ...route, service })) : []));

const held = (): Held => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  return { bytes: heapUsed + external, sockets };
};

process.on('message', () => process.send?.(held()));
process.once('disconnect', () => void stack.stop().finally(() => process.exit()));

const healthy = stack.simulated.filter(({ name }) => /^router-[1-4]$/.test(name) || /^router-0[1-4]$/.test(name));
const sites = await registerSites(connection, healthy);
const found: FuzzedStack = {
  connection,
  routes: [...routesOf('commandApi', connection.commandApiUrl), ...routesOf('queryApi', connection.queryApiUrl)],
  sites: sites.map(({ siteId }) => siteId),
  secrets: healthy.map(({ password }) => password),
  log: `${process.argv[2] ?? ''}/services.log`,
};
process.send?.(found);
