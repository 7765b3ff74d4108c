import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);

/** What is used of `kafkajs/src/network/requestQueue`, an internal class. */
interface RequestQueue {
  readonly pending: readonly unknown[];
  readonly throttledUntil: number;
  scheduleCheckPendingRequests: (this: RequestQueue) => void;
}

const patchedVersion = '2.2.4';
let isDone = false;

/**
 * A connection of kafkajs that has answered one request asks for a timer each millisecond for the rest of its life, with a negative delay,
 * of which Node 24 warns. It has nothing to do as long as nothing is queued and the broker does not throttle.
 */
export const stopIdleTimers = (): void => {
  if (isDone) return;
  isDone = true;
  const { version } = require('kafkajs/package.json') as { readonly version: string };
  if (version !== patchedVersion) return;
  const { prototype } = require('kafkajs/src/network/requestQueue') as { readonly prototype: RequestQueue };
  const original: (this: RequestQueue) => void = prototype.scheduleCheckPendingRequests;
  prototype.scheduleCheckPendingRequests = function scheduleWhenNeeded(this: RequestQueue): void {
    if (this.pending.length > 0 || this.throttledUntil > Date.now()) original.call(this);
  };
};
