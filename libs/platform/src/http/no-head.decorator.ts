import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';

/** For a GET that does something or never ends: HEAD, which would run the same handler, is answered 405. */
export function NoHead(): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    const handler: unknown = descriptor.value;
    if (typeof handler !== 'function') throw new TypeError('@NoHead() belongs on a method.');
    // `RouteConfig` replaces what another decorator has said.
    const config: unknown = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, handler);
    RouteConfig({ ...(config as object | undefined), head: false })(target, key, descriptor);
  };
}
