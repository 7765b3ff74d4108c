import { createParamDecorator, SetMetadata, type ExecutionContext } from '@nestjs/common';
import { tokenMissing } from './auth.error.js';
import type { Caller as CallerOfRequest } from './caller.js';

/** Of a route: open to everybody, or what a caller's token must allow. */
export type Access = 'public' | readonly string[];

export const accessMetadata = 'scheduled-scripts:access';

// How Nest hands a route's `config` to Fastify. Hooks see that config, but no decorator, and they run before the body is parsed.
const routeConfigMetadata = '__fastify_route_config__';

/** The caller's token must carry all of these. */
export const RequireScope = (...scopes: readonly [string, ...string[]]): MethodDecorator & ClassDecorator =>
  SetMetadata(accessMetadata, scopes);

/** No token is asked for, and one that is sent is not looked at. */
export function Public(): MethodDecorator {
  return (target, key, descriptor: PropertyDescriptor) => {
    const handler: unknown = descriptor.value;
    if (typeof handler !== 'function') throw new TypeError('@Public() belongs on a method.');
    const config: unknown = Reflect.getMetadata(routeConfigMetadata, handler);
    Reflect.defineMetadata(routeConfigMetadata, { ...(config as object | undefined), public: true }, handler);
    SetMetadata(accessMetadata, 'public')(target, key, descriptor);
  };
}

export type Caller = CallerOfRequest;

/** The parameter that takes who sends the request: `@Caller() caller: Caller`. */
export const Caller = createParamDecorator((_data: undefined, context: ExecutionContext): CallerOfRequest => {
  const { caller } = context.switchToHttp().getRequest<{ caller?: CallerOfRequest | null }>();
  if (caller === undefined || caller === null) throw tokenMissing();
  return caller;
});
