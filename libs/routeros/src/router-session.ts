/** Where a router is and who we are there. */
export interface RouterAddress {
  readonly host: string;
  /** The name that the certificate must bear in mode `verify`, where `host` is an address that was resolved from it; `host` unless told. */
  readonly tlsName?: string;
  readonly port: number;
  readonly tls: { readonly mode: 'none' } | { readonly mode: 'verify' } | { readonly mode: 'pin'; readonly sha256: string };
  readonly username: string;
  readonly password: string;
}

export type Sentence = Readonly<Record<string, string>>;

export interface Reply {
  /** The `!re` rows, attributes by name without the leading `=`. */
  readonly rows: readonly Sentence[];
  /** `=ret=` of `!done`, where the command gives one. */
  readonly ret: string | null;
}

/**
 * One API session with one router. Any anomaly ends it: after a rejection other than `RouterRefused` the session is closed and
 * its socket destroyed. Commands run one after the other.
 */
export interface RouterSession {
  /**
   * Sends one command, e.g. `('/system/script/print', ['=.proplist=.id', '?name=ax'])`, and waits for its end.
   * Throws `RouterRefused` (the router said no; nothing is broken), `RouterTimeout` (no end within `timeoutMillis`) or `RouterLost`.
   * After the last two the command may or may not have taken effect.
   */
  command(path: string, words: readonly string[], timeoutMillis: number): Promise<Reply>;
  /** Bounded; never throws. */
  close(): Promise<void>;
}

/** Whoever has taken the connection, before anything was sent there. */
export interface Peer {
  /** SHA-256 of its certificate in lower-case hex, trusted or not; `null` without TLS, or if it shows none. */
  readonly certificate: string | null;
}

export interface ConnectOptions {
  readonly connectTimeoutMillis: number;
  readonly loginTimeoutMillis: number;
  /**
   * Told once the connection stands, with TLS once the handshake has ended: before a pin is compared, and not at all where mode `verify`
   * has ended the handshake.
   */
  readonly onConnected?: (peer: Peer) => void;
}

/**
 * Connects and logs in. Throws `RouterUnreachable` (no connection, or it broke before the login was answered), `LoginFailed`,
 * or `TlsUntrusted`. Nothing was written to the router in any of the three cases.
 */
export type ConnectRouter = (address: RouterAddress, options: ConnectOptions) => Promise<RouterSession>;

abstract class RouterError extends Error {
  abstract readonly code: string;
  constructor(message: string, options?: { cause?: unknown }) {
    super(message, options);
    this.name = new.target.name;
  }
}

export class RouterUnreachable extends RouterError {
  readonly code = 'router_unreachable';
}
export class LoginFailed extends RouterError {
  readonly code = 'login_failed';
}
export class TlsUntrusted extends RouterError {
  readonly code = 'tls_untrusted';
}
/** A `!trap`: the router's own words in `message`, all traps of the command joined. */
export class RouterRefused extends RouterError {
  readonly code = 'router_refused';
  /** RouterOS trap category 0..7, where given. */
  constructor(
    message: string,
    readonly category: number | null,
  ) {
    super(message);
  }
}
export class RouterTimeout extends RouterError {
  readonly code = 'router_timeout';
}
export class RouterLost extends RouterError {
  readonly code = 'router_lost';
}
