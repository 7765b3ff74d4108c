import type { Socket } from 'node:net';
import type { Connector, RouterOSAPI } from 'node-routeros';
import type { Peer, Reply } from '../router-session.js';
import { ignore, onPeer, useInbox } from './containment.js';
import type { DriverLimits } from './driver-limits.js';
import { exchange } from './exchange.js';
import { toError } from './failure.js';
import { Inbox } from './inbox.js';

const MAX_TIMER_MILLIS = 2_147_483_647;

/**
 * One RouterOSAPI object and its socket, from the first byte to the end; never used for a second connection.
 * Everything that goes wrong comes together in `end`: the first cause counts, the socket is destroyed, all waits reject.
 */
export class Link {
  readonly #api: RouterOSAPI;
  readonly #connector: Connector;
  readonly #socket: Socket | undefined;
  readonly #limits: DriverLimits;
  readonly #waits = new Set<(cause: Error) => void>();
  readonly #loggedIn: Promise<unknown>;
  #cause: Error | null = null;

  /** Dials at once. */
  constructor(api: RouterOSAPI, limits: DriverLimits, onConnected: (peer: Peer) => void = ignore) {
    this.#api = api;
    this.#limits = limits;
    api.on('error', ignore);
    api.on('close', () => this.end(new Error('the router closed the connection')));
    // All within this turn of the loop: listeners and inbox are in place before the first event of the socket.
    this.#loggedIn = api.connect();
    this.#loggedIn.catch((error: unknown) => this.end(toError(error)));
    this.#connector = api['connector'];
    this.#connector.on('error', ignore);
    this.#socket = this.#connector['socket'];
    onPeer(this.#connector, onConnected);
    useInbox(this.#connector['receiver'], new Inbox(limits));
    this.#watch(this.#socket);
  }

  /** Why it ended, or null while it lives. */
  get cause(): Error | null {
    return this.#cause;
  }

  /** To be asked in the turn of the loop in which the link was made. */
  dialled(millis: number, late: () => Error): Promise<void> {
    return this.#wait<void>((resolve) => this.#connector.once('connected', () => resolve()), millis, late);
  }

  loggedIn(millis: number, late: () => Error): Promise<unknown> {
    return this.#wait<unknown>((resolve, reject) => void this.#loggedIn.then(resolve, reject), millis, late);
  }

  exchange(words: readonly string[], millis: number, late: () => Error): Promise<Reply> {
    return this.#wait((resolve, reject) => exchange(this.#connector, words, this.#limits, { resolve, reject }), millis, late);
  }

  async close(): Promise<void> {
    const closed = new Error('the session was closed');
    const goodbye = this.#wait<unknown>(
      (resolve, reject) => void this.#api.close().then(resolve, reject),
      this.#limits.closeTimeoutMillis,
      () => closed,
    );
    await goodbye.catch(ignore);
    this.end(closed);
  }

  end(cause: Error): void {
    if (this.#cause) return;
    this.#cause = cause;
    this.#socket?.destroy();
    for (const reject of this.#waits) reject(cause);
  }

  /** The original errors: node-routeros passes them on without name, code and message. */
  #watch(socket: Socket | undefined): void {
    if (!socket) return;
    socket.on('error', (error) => this.end(error));
    socket.once('close', () => this.end(new Error('the connection was closed')));
    socket.setNoDelay(true);
    socket.setTimeout(0);
  }

  #wait<T>(start: (resolve: (value: T) => void, reject: (reason: unknown) => void) => void, millis: number, late: () => Error): Promise<T> {
    return new Promise((resolve, reject) => {
      if (this.#cause) {
        reject(this.#cause);
        return;
      }
      const timer = setTimeout(() => this.end(late()), Math.min(millis, MAX_TIMER_MILLIS));
      const settle = () => {
        clearTimeout(timer);
        this.#waits.delete(fail);
      };
      const fail = (reason: unknown) => {
        settle();
        reject(toError(reason));
      };
      this.#waits.add(fail);
      try {
        start((value) => {
          settle();
          resolve(value);
        }, fail);
      } catch (error) {
        fail(error);
      }
    });
  }
}
