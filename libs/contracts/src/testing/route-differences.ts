import { operationsOf, type Operation, type Part } from '../http/openapi/index.js';

/** A route as a service declares it. */
export interface Route {
  readonly method: string;
  /** `/sites/{id}` */
  readonly path: string;
  /** `public`, or the scopes that a token needs. */
  readonly access: unknown;
  /** What body and query are validated with. */
  readonly body: unknown;
  readonly query: unknown;
}

export type ServiceWithRoutes = Exclude<Part, 'gateway'>;

const nameOf = ({ method, path }: Pick<Route, 'method' | 'path'>): string => `${method} ${path}`;

const differencesOf = (operation: Operation, route: Route): readonly string[] => {
  const differs = [
    JSON.stringify(route.access) === JSON.stringify(operation.access) ? [] : ['scopes'],
    // The same object, not one that looks alike: what is documented is what is checked.
    route.body === operation.body?.schema ? [] : ['body'],
    operation.tellsErrorsAs === 'page' || route.query === operation.query ? [] : ['query'],
  ].flat();
  return differs.map((what) => `${nameOf(operation)}: ${what}: not what the operation says`);
};

/** Where the routes of a service's controllers and the operations that it is said to serve differ, in either direction. */
export const routeDifferences = (service: ServiceWithRoutes, routes: readonly Route[]): readonly string[] => {
  const operations = operationsOf(service).filter(({ servedBy }) => servedBy === service);
  const byName = new Map(routes.map((route) => [nameOf(route), route]));
  const described = new Set(operations.map(nameOf));
  return [
    ...routes.filter((route) => !described.has(nameOf(route))).map((route) => `${nameOf(route)} is served and is no operation`),
    ...operations.flatMap((operation) => {
      const route = byName.get(nameOf(operation));
      return route ? differencesOf(operation, route) : [`${nameOf(operation)} is an operation and is not served`];
    }),
  ];
};
