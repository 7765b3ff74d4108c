import { timestampOfMillis, type NotReached } from '@scheduled-scripts/domain';
import { RouterLost, RouterRefused, RouterTimeout } from '@scheduled-scripts/routeros';
import type { Device } from '../router/device.js';
import { reachSite, type ReachOptions } from '../router/reach-site.js';

/** What ends a session or a step at the router, and says nothing about the script. */
export const isRouterTrouble = (error: unknown): error is RouterLost | RouterTimeout | RouterRefused | RangeError =>
  error instanceof RouterLost || error instanceof RouterTimeout || error instanceof RouterRefused || error instanceof RangeError;

/** The session with one site while somebody works on it: made when needed, made anew after a trouble. */
export class Contact {
  private device: Device | null = null;

  constructor(
    private readonly place: { readonly organizationId: string; readonly siteId: string },
    private readonly options: ReachOptions,
  ) {}

  /** Runs `work` at the router; what stands in the way becomes a `NotReached`. */
  async with<T>(work: (device: Device) => Promise<T>): Promise<T | NotReached> {
    try {
      if (!this.device) {
        const reached = await reachSite(this.place, this.options);
        if (!('device' in reached)) return this.notReached(reached.why, reached.message);
        this.device = reached.device;
      }
      return await work(this.device);
    } catch (error) {
      await this.close();
      if (!isRouterTrouble(error)) throw error;
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
