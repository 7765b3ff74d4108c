import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import type { LateBodyData } from '../http/validation.pipe.js';

/** A route as its decorators declare it. */
export interface DeclaredRoute {
  readonly method: string;
  /** `/sites/{id}` */
  readonly path: string;
  readonly controller: Type;
  readonly handler: object;
  /** What the body and the query are validated with. */
  readonly body: unknown;
  readonly query: unknown;
}

interface ParameterMetadata {
  readonly data?: unknown;
  readonly schema?: unknown;
}

/** What Nest will serve of these controllers. */
export const declaredRoutes = (controllers: readonly Type[]): readonly DeclaredRoute[] => controllers.flatMap(routesOf);

const routesOf = (controller: Type): readonly DeclaredRoute[] => {
  const prototype: object = controller.prototype as object;
  return Object.getOwnPropertyNames(prototype).flatMap((name) => {
    const handler: unknown = Reflect.get(prototype, name);
    if (typeof handler !== 'function' || Reflect.getMetadata(METHOD_METADATA, handler) === undefined) return [];
    const metadata = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, ParameterMetadata>;
    const parameters = Object.entries(metadata);
    const prefix = String(Reflect.getMetadata(PATH_METADATA, controller));
    const own = String(Reflect.getMetadata(PATH_METADATA, handler));
    return [
      {
        method: RequestMethod[Number(Reflect.getMetadata(METHOD_METADATA, handler))] ?? 'unknown',
        path: `/${[prefix, own]
          .map((part) => part.replaceAll(/^\/|\/$/g, ''))
          .filter(Boolean)
          .join('/')}`.replaceAll(/:(\w+)/g, '{$1}'),
        controller,
        handler,
        body: schemaOf(RouteParamtypes.BODY, parameters) ?? parameters.map(([, { data }]) => lateSchema(data)).find(Boolean),
        query: schemaOf(RouteParamtypes.QUERY, parameters),
      },
    ];
  });
};

const schemaOf = (type: RouteParamtypes, parameters: readonly (readonly [string, ParameterMetadata])[]): unknown =>
  parameters.find(([key]) => key.startsWith(`${type}:`))?.[1].schema;

const lateSchema = (data: unknown): unknown =>
  typeof data === 'object' && data !== null && 'late' in data ? (data as LateBodyData).late : undefined;
