import { timestampOfMillis, type NotReached } from '@scheduled-scripts/domain';
import { RouterLost, RouterRefused, RouterTimeout } from '@scheduled-scripts/routeros';
import type { Device } from '../router/device.js';
import { reachSite, type Place, type ReachOptions } from '../router/reach-site.js';
import { Unintelligible } from '../router/unintelligible.js';
import { patiently } from './patience.js';

/** What ends a session or a step at the router, and says nothing about the script. */
const troubles = [RouterLost, RouterTimeout, RouterRefused, Unintelligible];

export type Met<T> = { readonly reached: true; readonly value: T } | NotReached;

/** The session with one site while somebody works on it: made when needed, made anew after a trouble. */
export class Contact {
  private device: Device | null = null;

  /** Begins nothing any more, and throws, once `signal` has aborted. */
  constructor(
    private readonly place: Place,
    private readonly options: ReachOptions,
    private readonly signal: AbortSignal,
  ) {}

  /** Runs `work` at the router, all of it over one session; what stands in the way becomes a `NotReached`. */
  async with<T>(work: (device: Device) => Promise<T>): Promise<Met<T>> {
    this.signal.throwIfAborted();
    try {
      if (!this.device) {
        const reached = await patiently(this.signal, () => reachSite(this.place, this.options));
        if (!('device' in reached)) return this.notReached(reached.why, reached.message);
        this.device = reached.device;
      }
      return { reached: true, value: await work(this.device) };
    } catch (error) {
      await this.close();
      if (!(error instanceof Error && troubles.some((kind) => error instanceof kind))) throw error;
      return this.notReached('offline', error.message);
    }
  }

  async close(): Promise<void> {
    const { device } = this;
    this.device = null;
    await device?.close();
  }

  private notReached(why: NotReached['why'], message: string | null): NotReached {
    return { reached: false, at: timestampOfMillis(Date.now()), why, message };
  }
}
