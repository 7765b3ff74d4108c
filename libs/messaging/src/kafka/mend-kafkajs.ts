import { createRequire } from 'node:module';
import type { Socket } from 'node:net';

const require = createRequire(import.meta.url);

/** What is used of two internal classes. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

interface Connection {
  socket?: Socket;
  chunks: readonly Buffer[];
  bytesBuffered: number;
  bytesNeeded: number;
  isConnected(): boolean;
  connect: (this: Connection) => Promise<boolean>;
}

const mendedVersion = '2.2.4';
const sizeOfSize = 4;
let isDone = false;

/** Before the first client. Another version than the known one is left as it is: the suites then say whether it needs this too. */
export const mendKafkajs = (): void => {
  if (isDone) return;
  isDone = true;
  const { version } = require('kafkajs/package.json') as { readonly version: string };
  if (version !== mendedVersion) return;
  stopIdleTimers((require('kafkajs/src/network/requestQueue') as { readonly prototype: RequestQueue }).prototype);
  beginAnew((require('kafkajs/src/network/connection') as { readonly prototype: Connection }).prototype);
};

/**
 * A connection that has answered one request asks for a timer each millisecond for the rest of its life, with a negative delay, of which
 * Node 24 warns. It has nothing to do as long as nothing is queued and the broker does not throttle.
 */
const stopIdleTimers = (queue: RequestQueue): void => {
  const original = queue.scheduleCheckPendingRequests;
  queue.scheduleCheckPendingRequests = function scheduleWhenNeeded(this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
};

/**
 * What had come of an answer when its connection broke is put before the first answer of the next one. The bytes in the place of a length
 * are then anything, and for a negative one the process is caught in a loop that never ends. Also, two who connect at once would get two
 * sockets, whose answers get mixed.
 */
const beginAnew = (connection: Connection): void => {
  const original = connection.connect;
  const attempts = new WeakMap<Connection, Promise<boolean>>();
  connection.connect = function connectOnce(this: Connection): Promise<boolean> {
    const running = attempts.get(this);
    if (running) return running;
    if (this.isConnected()) return original.call(this);
    this.socket?.removeAllListeners('data');
    this.chunks = [];
    this.bytesBuffered = 0;
    this.bytesNeeded = sizeOfSize;
    const attempt = original.call(this).finally(() => attempts.delete(this));
    attempts.set(this, attempt);
    return attempt;
  };
};
