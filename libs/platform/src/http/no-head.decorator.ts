import { RouteConfig } from '@nestjs/platform-fastify';

/** For a GET that does something or never ends: HEAD, which would run the same handler, is answered 405. */
export const NoHead = (): MethodDecorator => RouteConfig({ head: false });
