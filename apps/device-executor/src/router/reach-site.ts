import type { NotReached } from '@scheduled-scripts/domain';
import { LoginFailed, RouterLost, RouterRefused, RouterTimeout, RouterUnreachable, TlsUntrusted } from '@scheduled-scripts/routeros';
import type { ConnectRouter, RouterAddress, RouterSession } from '@scheduled-scripts/routeros';
import {
  AddressRefused,
  AddressUnresolved,
  openCredentials,
  resolveSiteAddress,
  type KeyRing,
  type Site,
} from '@scheduled-scripts/site-directory';
import type { Queryable } from '@scheduled-scripts/postgres';
import { Device } from './device.js';

export interface ReachOptions {
  readonly directory: Queryable;
  readonly keyRing: KeyRing;
  readonly connect: ConnectRouter;
  readonly allowLoopback: boolean;
  readonly installation: string;
  readonly connectTimeoutMillis: number;
  readonly loginTimeoutMillis: number;
}

export type Reached = { readonly device: Device } | Pick<NotReached, 'why' | 'message'>;

const addressOf = async (site: Site, password: string, options: ReachOptions): Promise<RouterAddress> => {
  const [host] = await resolveSiteAddress(site.host, { allowLoopback: options.allowLoopback });
  const tls = site.tls === 'pin' ? { mode: 'pin' as const, sha256: site.tlsFingerprint ?? '' } : { mode: site.tls };
  return { host, tlsName: site.host, port: site.port, tls, username: site.username, password };
};

/** Why there is no session with the right router; whatever is not about that is thrown on. */
const meaningOf = (error: unknown): Pick<NotReached, 'why' | 'message'> => {
  if (error instanceof LoginFailed) return { why: 'login_failed', message: error.message };
  if (error instanceof TlsUntrusted) return { why: 'tls_untrusted', message: error.message };
  const offline = [RouterUnreachable, RouterLost, RouterTimeout, RouterRefused, AddressUnresolved, AddressRefused, RangeError];
  if (error instanceof Error && offline.some((kind) => error instanceof kind)) return { why: 'offline', message: error.message };
  throw error;
};

/**
 * A session with the site's router, checked to be the right one. The address is resolved and judged anew at each call, and the session
 * goes to what came out: a name may point elsewhere by then.
 */
export const reachSite = async (place: { organizationId: string; siteId: string }, options: ReachOptions): Promise<Reached> => {
  const credentials = await openCredentials(options.directory, options.keyRing, place);
  if (!credentials) return { why: 'site_removed', message: null };
  const { site, password } = credentials;
  let session: RouterSession | null = null;
  try {
    session = await options.connect(await addressOf(site, password, options), options);
    const device = await Device.meet(session, options.installation);
    if (site.serial === null || site.serial === device.facts.serial) return { device };
    await session.close();
    return { why: 'wrong_device', message: `the router with serial number ${device.facts.serial ?? 'none'} answers there` };
  } catch (error) {
    await session?.close();
    return meaningOf(error);
  }
};
