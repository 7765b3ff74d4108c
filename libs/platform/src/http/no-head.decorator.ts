import { addRouteConfig } from './route-config.js';

/** For a GET that does something or never ends: HEAD, which would run the same handler, is answered 405. */
export function NoHead(): MethodDecorator {
  return addRouteConfig('NoHead', { head: false });
}
