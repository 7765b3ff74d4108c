import type { SiteCheckProblemCode } from '@scheduled-scripts/contracts';
import { LoginFailed, RouterUnreachable, TlsUntrusted, type ConnectRouter, type RouterSession } from '@scheduled-scripts/routeros';
import { AddressRefused, AddressUnresolved, dialSite, type Lookup, type Site, type SiteDial } from '@scheduled-scripts/site-directory';
import type { Deadline } from './deadline.js';
import type { Findings } from './findings.js';

export interface ReachOptions {
  readonly connect: ConnectRouter;
  readonly allowLoopback: boolean;
  /** The system's resolver unless told. */
  readonly lookup?: Lookup | undefined;
}

/** No certificate has this hash: whoever is there is looked at, and nothing is said to them. */
const noCertificate = { mode: 'pin', sha256: '' } as const;

const obstacleIn = (error: unknown, reachable: boolean): SiteCheckProblemCode | null => {
  if (error instanceof LoginFailed) return 'login_failed';
  if (error instanceof TlsUntrusted) return 'tls_untrusted';
  if (error instanceof AddressRefused) return 'address_refused';
  if (error instanceof AddressUnresolved) return 'unreachable';
  if (error instanceof RouterUnreachable) return reachable ? 'broken_off' : 'unreachable';
  return null;
};

/** A session with whoever is at the address of the site now, or null with the reason among the findings. */
export const reachRouter = async (
  site: Site,
  password: string,
  options: ReachOptions,
  deadline: Deadline,
  found: Findings,
): Promise<RouterSession | null> => {
  const dial = (over: Partial<SiteDial & { password: string }> = {}): Promise<RouterSession> =>
    dialSite(
      site,
      (to) => {
        // Half and half, so that both together are over in time.
        const millis = deadline.shareMillis(2);
        return options.connect(
          { ...to, password, ...over },
          { connectTimeoutMillis: millis, loginTimeoutMillis: millis, onConnected: found.connected },
        );
      },
      {
        allowLoopback: options.allowLoopback,
        timeoutMillis: deadline.shareMillis(2),
        isUnreachable: (error) => error instanceof RouterUnreachable && !found.reachable,
        ...(options.lookup && { lookup: options.lookup }),
      },
    );
  try {
    const session = await dial();
    found.loggedIn = true;
    return session;
  } catch (error) {
    const code = obstacleIn(error, found.reachable);
    if (code === null || !(error instanceof Error)) throw error;
    found.problem(code, error.message);
    if (code !== 'tls_untrusted') return null;
    found.reachable = true;
    // Mode `verify` ends the handshake before the certificate can be seen.
    if (found.fingerprint === null) await dial({ tls: noCertificate, password: '' }).catch(() => null);
    return null;
  }
};
