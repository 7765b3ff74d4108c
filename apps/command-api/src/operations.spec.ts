import { describe, expect, it } from '@jest/globals';
import 'reflect-metadata';
import { accessMetadata } from '@scheduled-scripts/auth';
import { routeDifferences, type Route } from '@scheduled-scripts/contracts/testing';
import { declaredRoutes, type DeclaredRoute } from '@scheduled-scripts/platform/testing/declared-routes';
import { controllers } from './command-api.module.js';

const withAccess = (route: DeclaredRoute): Route => ({ ...route, access: Reflect.getMetadata(accessMetadata, route.handler) });
const routes = declaredRoutes(controllers).map(withAccess);

describe('the routes', () => {
  it('are the operations of the contract: paths, scopes, and the very schemas that are documented', () => {
    expect(routeDifferences('command-api', routes)).toEqual([]);
  });

  it('would be found to differ, in either direction', () => {
    const [first, ...others] = routes;
    const stranger = { method: 'GET', path: '/invented', access: 'public', body: undefined, query: undefined };
    const changed = { ...(first ?? stranger), access: 'public' };
    const { method = '', path = '' } = first ?? {};
    expect(routeDifferences('command-api', [changed, ...others])).toEqual([`${method} ${path}: scopes: not what the operation says`]);
    expect(routeDifferences('command-api', [...others, stranger])).toEqual([
      'GET /invented is served and is no operation',
      `${method} ${path} is an operation and is not served`,
    ]);
  });
});
