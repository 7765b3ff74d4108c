import type { NotReached } from '@scheduled-scripts/domain';
import { LoginFailed, RouterLost, RouterRefused, RouterTimeout, RouterUnreachable, TlsUntrusted } from '@scheduled-scripts/routeros';
import type { ConnectOptions, ConnectRouter, RouterSession } from '@scheduled-scripts/routeros';
import {
  AddressRefused,
  AddressUnresolved,
  CredentialsUnreadable,
  dialSite,
  openCredentials,
  type KeyRing,
  type Site,
} from '@scheduled-scripts/site-directory';
import type { Queryable } from '@scheduled-scripts/postgres';
import { Device, type DeviceOptions } from './device.js';
import { Unintelligible } from './unintelligible.js';

export interface Place {
  readonly organizationId: string;
  readonly siteId: string;
}

export interface ReachOptions extends ConnectOptions, DeviceOptions {
  readonly directory: Queryable;
  readonly keyRing: KeyRing;
  readonly connect: ConnectRouter;
  readonly allowLoopback: boolean;
  /** Told when a password cannot be opened: no router is at fault, and somebody has to look at the keys. */
  readonly onUnreadable: (error: CredentialsUnreadable, place: Place) => void;
}

type Obstacle = Pick<NotReached, 'why' | 'message'>;

export type Reached = { readonly device: Device } | Obstacle;

const connectTo = (site: Site, password: string, options: ReachOptions): Promise<RouterSession> =>
  dialSite(site, (to) => options.connect({ ...to, password }, options), {
    allowLoopback: options.allowLoopback,
    isUnreachable: (error) => error instanceof RouterUnreachable,
  });

const passing = [RouterUnreachable, RouterLost, RouterTimeout, RouterRefused, Unintelligible, AddressUnresolved, AddressRefused];

/** Why there is no session with the router; what is not about that is thrown on. */
const obstacleIn = (error: unknown): Obstacle => {
  if (error instanceof LoginFailed) return { why: 'login_failed', message: error.message };
  if (error instanceof TlsUntrusted) return { why: 'tls_untrusted', message: error.message };
  if (error instanceof Error && passing.some((kind) => error instanceof kind)) return { why: 'offline', message: error.message };
  throw error;
};

/** Whatever is wrong with the keys may be mended within the window: until then it counts as a router that is away. */
const credentialsOf = async (place: Place, { directory, keyRing, onUnreadable }: ReachOptions) => {
  try {
    return await openCredentials(directory, keyRing, place);
  } catch (error) {
    if (!(error instanceof CredentialsUnreadable)) throw error;
    onUnreadable(error, place);
    return 'unreadable';
  }
};

/** A session with the site's router, checked to be the right one. Its address is resolved and judged anew at each call. */
export const reachSite = async (place: Place, options: ReachOptions): Promise<Reached> => {
  const credentials = await credentialsOf(place, options);
  if (credentials === null) return { why: 'site_removed', message: null };
  if (credentials === 'unreadable') return { why: 'offline', message: 'the password of the site cannot be opened with the keys at hand' };
  const { site, password } = credentials;
  let session: RouterSession | null = null;
  try {
    session = await connectTo(site, password, options);
    const device = await Device.meet(session, options);
    if (site.serial === null || site.serial === device.facts.serial) return { device };
    await session.close();
    return { why: 'wrong_device', message: `the router with serial number ${device.facts.serial ?? 'none'} answers there` };
  } catch (error) {
    await session?.close();
    return obstacleIn(error);
  }
};
