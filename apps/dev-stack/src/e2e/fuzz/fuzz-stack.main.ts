// The stack, in a process that can be asked what it holds. Its clocks for slow clients run faster than those of a real one.
import { registerSites } from '../../job/register-sites.js';
import { startStack } from '../../stack/stack.js';
import { watchRoutes } from '../served-routes.js';
import type { FuzzedRoute, FuzzedStack, Held } from './fuzz-stack.js';

// Routes are taken from whatever serves them, so that one that is new here is not forgotten.
const routes = watchRoutes();
const stack = await startStack({
  data: process.argv[2] ?? '',
  port: 0,
  say: () => undefined,
  environment: { HEADERS_TIMEOUT_MILLIS: '1500', REQUEST_TIMEOUT_MILLIS: '3000' },
});
const { connection } = stack;

const routesOf = (service: FuzzedRoute['service'], url: string): readonly FuzzedRoute[] =>
  routes.at(url).map(({ method, path }) => ({ service, method, path }));

const held = (): Held => {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  const sockets = process.getActiveResourcesInfo().filter((kind) => kind === 'TCPSocketWrap').length;
  return { bytes: heapUsed + external, sockets };
};

process.on('message', () => process.send?.(held()));
process.once('disconnect', () => void stack.stop().finally(() => process.exit()));

const healthy = stack.simulated.filter(({ name }) => /^router-0?[1-4]$/.test(name));
const sites = await registerSites(connection, healthy);
const found: FuzzedStack = {
  connection,
  routes: [...routesOf('commandApi', connection.commandApiUrl), ...routesOf('queryApi', connection.queryApiUrl)],
  sites: sites.map(({ siteId }) => siteId),
  secrets: healthy.map(({ password }) => password),
  log: `${process.argv[2] ?? ''}/services.log`,
};
process.send?.(found);
