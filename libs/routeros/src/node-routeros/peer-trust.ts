import { hash } from 'node:crypto';
import { isIP } from 'node:net';
import { TLSSocket, type ConnectionOptions } from 'node:tls';
import { TlsUntrusted, type RouterAddress } from '../router-session.js';

/** Pins by the very options object that node-routeros hands to `tls.connect`. */
const pins = new WeakMap<object, string>();

type ClientTls = Pick<ConnectionOptions, 'servername' | 'ca' | 'rejectUnauthorized'>;

/** `ca`: the only authorities to trust in mode `verify`, as PEM; without it those that Node trusts. */
export function tlsOptions({ host, tlsName = host, tls }: RouterAddress, ca: readonly string[] | undefined): ClientTls | undefined {
  if (tls.mode === 'none') return undefined;
  const servername = isIP(tlsName) ? {} : { servername: tlsName };
  if (tls.mode === 'verify') return { ...servername, ...(ca && { ca: [...ca] }), rejectUnauthorized: true };
  const options = { ...servername, rejectUnauthorized: false };
  pins.set(options, tls.sha256.replaceAll(':', '').toLowerCase());
  return options;
}

/** SHA-256 of the certificate that the peer has shown, in lower-case hex. To be asked once: Node does not give it a second time. */
export function certificateOf(socket: unknown): string | null {
  const certificate = socket instanceof TLSSocket ? socket.getPeerX509Certificate() : undefined;
  return certificate ? hash('sha256', certificate.raw) : null;
}

/** To be asked before the first byte is sent: why the peer is not the pinned one, or null. */
export function distrust(options: object | undefined, certificate: string | null): TlsUntrusted | null {
  const pin = options && pins.get(options);
  if (pin === undefined) return null;
  if (certificate === null) return new TlsUntrusted('the router showed no certificate');
  return certificate === pin ? null : new TlsUntrusted(`the certificate of the router is another one than the pinned: ${certificate}`);
}

/**
 * Whether a failed handshake is about TLS rather than about reaching the router. System errors are called ECONNRESET and the
 * like; OpenSSL's and the verifier's have underscores, and EPROTO is OpenSSL again.
 */
export function isTlsFailure(error: Error): boolean {
  const code = 'code' in error && typeof error.code === 'string' ? error.code : null;
  return code !== null && (code === 'EPROTO' || code.includes('_'));
}
