import type { Site } from '../site.js';
import { resolveSiteAddress, type ResolveOptions } from './resolve-site-address.js';

/** Where one connection goes to. */
export interface SiteDial {
  /** An IP address that was judged. */
  readonly host: string;
  /** The name that a certificate has to bear all the same. */
  readonly tlsName: string;
  readonly port: number;
  readonly tls: { readonly mode: 'none' | 'verify' } | { readonly mode: 'pin'; readonly sha256: string };
  readonly username: string;
}

export interface DialOptions extends ResolveOptions {
  /** Whether the next address may do better. */
  readonly isUnreachable: (error: unknown) => boolean;
}

/** A name may have an address of each family, and only one of them be reachable from here. */
const mostAddresses = 4;

/**
 * Resolves and judges the address of the site now, and dials what was judged, never the name: it may point elsewhere by then (DNS
 * rebinding). Throws what `resolveSiteAddress` throws, or the error of the last address that was dialled.
 */
export const dialSite = async <Session>(
  { host, port, tls, tlsFingerprint, username }: Site,
  dial: (to: SiteDial) => Promise<Session>,
  options: DialOptions,
): Promise<Session> => {
  const trust: SiteDial['tls'] = tls === 'pin' ? { mode: 'pin', sha256: tlsFingerprint ?? '' } : { mode: tls };
  const [first, ...others] = await resolveSiteAddress(host, options);
  const to = (address: string): Promise<Session> => dial({ host: address, tlsName: host, port, tls: trust, username });
  let session = to(first);
  for (const address of others.slice(0, mostAddresses - 1)) {
    session = session.catch((error: unknown) => {
      if (options.isUnreachable(error)) return to(address);
      throw error;
    });
  }
  return session;
};
