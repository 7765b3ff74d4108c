import { operations } from '@scheduled-scripts/contracts/openapi';
import type { ServedRoute } from '../served-routes.js';
import { severalAtATime } from '../several-at-a-time.js';
import type { Scene } from './scene.js';
import { codeOf, pathOf } from './ways.js';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

const methodsOf = (routes: readonly ServedRoute[]): ReadonlyMap<string, readonly string[]> =>
  new Map(
    operations.map(({ path }) => {
      const own = routes.filter((route) => route.path === path.replaceAll(/\{(\w+)\}/g, ':$1')).map(({ method }) => method);
      return [path, [...new Set(own)].toSorted()];
    }),
  );

/**
 * Asks for every path by every method, with no token. What somebody serves is served through the gateway, and directly by whoever serves
 * it; of the other service it is 404. What nobody serves is 405 everywhere, with the methods of all.
 */
export const walkOverMethods = async ({ stage, belongings }: Scene): Promise<readonly string[]> => {
  const { services, connection, client } = stage;
  const ofAll = methodsOf(services.flatMap(({ routes }) => routes));
  const doors = [
    { door: 'through the gateway', baseUrl: connection.baseUrl, own: ofAll },
    ...services.map(({ name, url, routes }) => ({ door: `of ${name}`, baseUrl: url, own: methodsOf(routes) })),
  ];
  const surprises: string[] = [];
  const attempts = doors.flatMap((door) => [...ofAll.keys()].flatMap((path) => methods.map((method) => ({ ...door, path, method }))));
  await severalAtATime(32, attempts, async ({ door, baseUrl, own, path, method }) => {
    const route = { method, path: path.replaceAll(/\{(\w+)\}/g, ':$1') };
    const answer = await client.send(baseUrl, { method, path: pathOf({ ...route, isPublic: false }, belongings.nobodys) });
    const isRefused = answer.status === 405 || codeOf(answer) === 'route_not_found';
    const allowed = ofAll.get(path) ?? [];
    const isAsExpected =
      own.get(path)?.includes(method) === true
        ? !isRefused
        : allowed.includes(method)
          ? answer.status === 404
          : answer.status === 405 && answer.headers['allow'] === allowed.join(', ');
    if (!isAsExpected)
      surprises.push(`${method} ${path} ${door}: ${answer.status} ${answer.headers['allow'] ?? answer.body.slice(0, 200)}`);
  });
  return surprises;
};
