import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { RouterOSAPI } from 'node-routeros';
import {
  LoginFailed,
  RouterRefused,
  RouterUnreachable,
  TlsUntrusted,
  type ConnectRouter,
  type RouterAddress,
  type RouterSession,
} from '../router-session.js';
import { containDriver } from './containment.js';
import { defaultLimits, type DriverLimits } from './driver-limits.js';
import { explain, toError } from './failure.js';
import { RouterFatal } from './inbox.js';
import { Link } from './link.js';
import { loginRefusal } from './login.js';
import { NodeRouterosSession } from './node-routeros.session.js';
import { isTlsFailure, tlsOptions } from './peer-trust.js';

export interface DriverSettings {
  readonly limits?: Partial<DriverLimits>;
  /** Own certificate authorities as PEM, trusted in mode `verify` instead of those that Node knows. */
  readonly ca?: readonly string[];
}

/**
 * One address, chosen by the operating system. Left to Node, a host with several gets 250 ms for each but the last: too little
 * for a router behind a slow line.
 */
async function resolve(host: string, millis: number): Promise<string> {
  if (isIP(host)) return host;
  // Asked for nothing, the resolver and the socket both settle for this very machine.
  if (host === '') throw new RouterUnreachable('the router has no host name');
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new RouterUnreachable(`the name ${host} had no answer within ${millis} ms`)), millis);
  });
  try {
    const { address } = await Promise.race([lookup(host), late]);
    return address;
  } finally {
    clearTimeout(timer);
  }
}

function meaningOf(failure: unknown, address: RouterAddress, link: Link | null, dialled: boolean): Error {
  const cause = link?.cause ?? toError(failure);
  if (cause instanceof TlsUntrusted || cause instanceof LoginFailed || cause instanceof RouterUnreachable) return cause;
  if (cause instanceof RouterRefused || cause instanceof RouterFatal) return loginRefusal(cause.message, address.password);
  if (address.tls.mode !== 'none' && !dialled && isTlsFailure(cause)) return new TlsUntrusted(`TLS failed: ${explain(cause)}`, { cause });
  return new RouterUnreachable(explain(cause), { cause });
}

/** `ConnectRouter` over node-routeros. Rejects with `DriverNotContained` if an unexpected release of it is installed. */
export function createConnectRouter(settings: DriverSettings = {}): ConnectRouter {
  const limits = { ...defaultLimits, ...settings.limits };
  return async (address, { connectTimeoutMillis, loginTimeoutMillis, onConnected }): Promise<RouterSession> => {
    containDriver();
    const { port, username: user, password } = address;
    if (!Number.isInteger(port) || port < 1 || port > 65535) throw new RouterUnreachable(`there is no port ${port}`);
    const begun = performance.now();
    let link: Link | null = null;
    let dialled = false;
    try {
      const host = await resolve(address.host, connectTimeoutMillis);
      const api = new RouterOSAPI({ host, port, user, password, tls: tlsOptions(address, settings.ca), keepalive: false });
      link = new Link(api, limits, onConnected);
      const left = Math.max(1, connectTimeoutMillis - (performance.now() - begun));
      await link.dialled(left, () => new RouterUnreachable(`no connection within ${connectTimeoutMillis} ms`));
      dialled = true;
      await link.loggedIn(loginTimeoutMillis, () => new RouterUnreachable(`no answer to the login within ${loginTimeoutMillis} ms`));
      api.password = '';
      return new NodeRouterosSession(link, limits);
    } catch (failure) {
      const meaning = meaningOf(failure, address, link, dialled);
      link?.end(meaning);
      throw meaning;
    }
  };
}

/** With the default limits and the certificate authorities that Node trusts. */
export const connectRouter: ConnectRouter = createConnectRouter();
