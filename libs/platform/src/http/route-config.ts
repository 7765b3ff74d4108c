import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/** Adds to what other decorators have said of the route: Nest's own `RouteConfig` would replace it. */
export function addRouteConfig(name: string, config: FastifyContextConfig): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    const handler: unknown = descriptor.value;
    if (typeof handler !== 'function') throw new TypeError(`@${name}() belongs on a method.`);
    const before: unknown = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler);
    RouteConfig({ ...(before as object | undefined), ...config })(target, key, descriptor);
  };
}
