import { StoreUnavailable } from '../event-store.js';

/**
 * Others wrote to the stream first, again and again, until patience ended. The store is well and nothing was appended; to whoever would
 * wait for a store that is away it means the same: later.
 */
export class StreamBusy extends StoreUnavailable {
  constructor(stream: string, tries: number) {
    super(`${stream}: others wrote first, ${tries} times`);
    this.name = 'StreamBusy';
  }
}
