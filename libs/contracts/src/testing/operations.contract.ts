import { describe, expect, it } from '@jest/globals';
import { routeDifferences, type Route, type ServiceWithRoutes } from './route-differences.js';

/** For the routes of a service's controllers: they are its operations. */
export const operationsContract = (service: ServiceWithRoutes, routes: readonly Route[]): void => {
  describe('the routes', () => {
    it('are the operations of the contract: paths, scopes, and the very schemas that are documented', () => {
      expect(routeDifferences(service, routes)).toEqual([]);
    });

    it('would be found to differ, in either direction', () => {
      const [first, ...others] = routes;
      const stranger = { method: 'GET', path: '/invented', access: 'public', body: undefined, query: undefined };
      const changed = { ...(first ?? stranger), access: 'public' };
      const { method = '', path = '' } = first ?? {};
      expect(routeDifferences(service, [changed, ...others])).toEqual([`${method} ${path}: scopes: not what the operation says`]);
      expect(routeDifferences(service, [...others, stranger])).toEqual([
        'GET /invented is served and is no operation',
        `${method} ${path} is an operation and is not served`,
      ]);
    });
  });
};
