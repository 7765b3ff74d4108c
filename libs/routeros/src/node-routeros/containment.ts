import { createRequire } from 'node:module';
import type { Socket } from 'node:net';
import { Connector, Receiver, RouterOSAPI } from 'node-routeros';
import { encodeSentence } from '../sentence/sentence.encoder.js';
import type { Peer } from '../router-session.js';
import { defaultLimits } from './driver-limits.js';
import { toError } from './failure.js';
import { Inbox } from './inbox.js';
import { logIn } from './login.js';
import { certificateOf, distrust } from './peer-trust.js';

/** The one release whose internals were read; the replaced methods are private and mean nothing in any other. */
export const DRIVER_VERSION = '1.6.9';

export class DriverNotContained extends Error {
  override readonly name = 'DriverNotContained';
  readonly code = 'driver_not_contained';
}

export const ignore = (): void => {};

const inboxes = new WeakMap<Receiver, Inbox>();

/** Gives the receiver of one session an inbox with that session's limits. Before the first byte arrives. */
export const useInbox = (receiver: Receiver, inbox: Inbox): void => void inboxes.set(receiver, inbox);

function inboxOf(receiver: Receiver): Inbox {
  const inbox = inboxes.get(receiver) ?? new Inbox(defaultLimits);
  inboxes.set(receiver, inbox);
  return inbox;
}

const greetings = new WeakMap<Connector, (peer: Peer) => void>();

/** Who is told of the peer of this connection. Before it stands. */
export const onPeer = (connector: Connector, greet: (peer: Peer) => void): void => void greetings.set(connector, greet);

/** Theirs loses its place when a segment ends before the last 0x00 or inside a length, decodes win1252, throws on late tags. */
function processRawData(this: Receiver, data: Buffer): void {
  inboxOf(this).receive(data, this['tags']);
}

/** Runs inside the socket's `data` event, where whatever is thrown ends the process. */
function onData(this: Connector, data: Buffer): void {
  const socket: Socket = this['socket'];
  const receiver: Receiver = this['receiver'];
  try {
    receiver.processRawData(data);
  } catch (error) {
    socket.destroy(toError(error));
  }
}

const theirOnConnect: (this: Connector) => void = Connector.prototype['onConnect'];

/** Theirs logs in as soon as the connection stands, whoever is at the other end. */
function onConnect(this: Connector): void {
  const socket: Socket = this['socket'];
  const certificate = certificateOf(socket);
  greetings.get(this)?.({ certificate });
  const reason = distrust(this['tls'], certificate);
  if (reason) socket.destroy(reason);
  else theirOnConnect.call(this);
}

/** Theirs encodes win1252, turning other characters into `?`, writes word by word, and logs each word: the password too. */
function write(this: Connector, words: string[]): Connector {
  const socket: Socket = this['socket'];
  socket.write(encodeSentence(words));
  return this;
}

/** Theirs takes the last `error` listener away while errors may still come. */
function destroy(this: Connector): void {
  const socket: Socket = this['socket'];
  socket.destroy();
  this.removeAllListeners();
  this.on('error', ignore);
}

/** Theirs takes strange answers for success, leaves a rejection unhandled, miscounts the bytes of a non-ASCII password. */
function login(this: RouterOSAPI): Promise<void> {
  return logIn(this['connector'], this.user, this.password);
}

const replacements: readonly (readonly [object, Readonly<Record<string, unknown>>])[] = [
  [Receiver.prototype, { processRawData }],
  [Connector.prototype, { onData, onConnect, write, destroy }],
  [RouterOSAPI.prototype, { login }],
];

/** Whether nobody has put anything else in the place of our replacements. */
export const isContained = (): boolean =>
  replacements.every(([prototype, methods]) =>
    Object.entries(methods).every(([name, method]) => Object.getOwnPropertyDescriptor(prototype, name)?.value === method),
  );

let contained = false;

/**
 * Replaces what is broken in node-routeros, once per process. Throws `DriverNotContained` on any other release.
 * What remains in use: `RouterOSAPI.connect` and `close`, the connector's wiring of the socket, the receiver's table of tags.
 */
export function containDriver(): void {
  if (contained) return;
  const { version }: { version: string } = createRequire(import.meta.url)('node-routeros/package.json');
  if (version !== DRIVER_VERSION) throw new DriverNotContained(`node-routeros ${version} is installed, ${DRIVER_VERSION} is expected`);
  for (const [prototype, methods] of replacements) Object.assign(prototype, methods);
  contained = true;
}
