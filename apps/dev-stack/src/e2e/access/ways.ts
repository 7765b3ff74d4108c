import { operations, type Operation } from '@scheduled-scripts/contracts/openapi';
import type { AccessStage, Service } from './access-stage.js';
import { aScript, aSite, type Names } from './belongings.js';
import type { Answer, Sent } from './http-client.js';
import type { ServedRoute } from '../served-routes.js';

/** A route, and an address at which it is to be reached. */
export interface Way {
  readonly baseUrl: string;
  readonly route: ServedRoute;
  /** For people. */
  readonly name: string;
}

/** What a parameter stands for, by the part of the path before it. */
const parameters: Readonly<Record<string, keyof Names>> = {
  'scheduled/:id': 'script',
  'executions/:executionId': 'execution',
  'sites/:id': 'site',
  'authorize/:token': 'token',
};

/** Bodies that nothing is wrong with; the other routes take none, or need none to be refused. */
const bodies: Readonly<Record<string, (names: Names) => object>> = {
  'POST /scripts/scheduled': ({ site }) => aScript(site),
  'PUT /scripts/scheduled/:id': ({ site }) => aScript(site),
  'POST /sites': () => aSite(),
  'PATCH /sites/:id': () => ({ name: 'Renamed' }),
};

/** Throws for a parameter that it knows nothing to put in for: then this table needs a line. */
export const pathOf = ({ method, path }: ServedRoute, names: Names): string => {
  const parts = path.split('/');
  const filled = parts.map((part, index) => {
    if (!/[:*]/.test(part)) return part;
    const name = parameters[`${parts[index - 1]}/${part}`];
    if (name === undefined) throw new Error(`${method} ${path}: the walk has nothing to put in for ${part}; give it a line in ways.ts`);
    return names[name];
  });
  return filled.join('/');
};

/** What is promised of the route; of HEAD, what is promised of GET. */
export const operationOf = ({ method, path }: ServedRoute): Operation | undefined => {
  const promised = path.replaceAll(/:(\w+)/g, '{$1}');
  return operations.find((one) => one.path === promised && one.method === (method === 'HEAD' ? 'GET' : method));
};

/** A request that nothing is wrong with, but for who sends it. */
export const requestFor = (route: ServedRoute, names: Names, headers: Sent['headers'] = {}): Sent => {
  const body = bodies[`${route.method} ${route.path}`]?.(names);
  const sent = { method: route.method, path: pathOf(route, names) };
  if (body === undefined) return { ...sent, headers };
  return { ...sent, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(body) };
};

const waysTo = ({ name, url, routes }: Service, baseUrl: string, how: string): readonly Way[] =>
  routes.map((route) => ({ baseUrl: baseUrl === '' ? url : baseUrl, route, name: `${route.method} ${route.path} of ${name}, ${how}` }));

/** Every route that asks for a token, as its own service serves it, and through the gateway. */
export const guardedWays = ({
  services,
  connection,
}: AccessStage): { readonly direct: readonly Way[]; readonly throughGateway: readonly Way[] } => {
  const guarded = (ways: readonly Way[]) => ways.filter(({ route }) => !route.isPublic);
  return {
    direct: guarded(services.flatMap((service) => waysTo(service, '', 'directly'))),
    throughGateway: guarded(services.flatMap((service) => waysTo(service, connection.baseUrl, 'through the gateway'))),
  };
};

export const codeOf = ({ body }: Answer): string | null => {
  try {
    const { code } = JSON.parse(body) as { readonly code?: unknown };
    return typeof code === 'string' ? code : null;
  } catch {
    return null;
  }
};
