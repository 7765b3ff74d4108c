import { millisOf, type SiteExecution } from '@scheduled-scripts/domain';
import type { ClaimedWork, WorkVerdict } from '@scheduled-scripts/postgres';
import { parseCause } from '../cause.js';
import type { ReachOptions } from '../router/reach-site.js';
import { Contact } from './contact.js';
import type { Driver } from './drive.js';
import { newRun, type RunEnd } from './run.js';

/** Past its window an unknown outcome is looked for this long. */
const searchMillis = 7 * 24 * 3_600_000;

const growing = (attempts: number, first: number, longest: number): number => Math.min(longest, first * 2 ** Math.min(attempts, 20));

const again = (millis: number): WorkVerdict => ({ do: 'reschedule', dueAt: new Date(Date.now() + millis).toISOString() });

/** An offline router is tried often at first; nothing is decided later than the window's end because of a pause. */
const untilNextTry = ({ attempts }: ClaimedWork, { windowEndsAt }: SiteExecution): number => {
  const left = millisOf(windowEndsAt) - Date.now();
  const pause = growing(attempts, 1_000, 60_000);
  return left > 0 ? Math.min(pause, left + 1) : pause;
};

/** One row of the work list: claims the execution in its stream and drives it. */
export class Execute {
  constructor(
    private readonly driver: Driver,
    private readonly reach: ReachOptions,
  ) {}

  async handle(item: ClaimedWork, signal: AbortSignal): Promise<WorkVerdict> {
    const cause = parseCause(item.payload);
    const place = { organizationId: cause.organizationId, siteId: item.lane ?? '' };
    const contact = new Contact(place, this.reach);
    const run = newRun(item.id, cause, contact, signal);
    try {
      // Refused when it has ended: then there is only something to clean up, or a truth to look for.
      await this.driver.append(run, { type: 'claim', owner: this.driver.options.owner });
      const end = await this.driver.drive(run);
      return await this.verdict(item, end, () => this.driver.load(run));
    } finally {
      await contact.close();
    }
  }

  private async verdict(item: ClaimedWork, { end }: RunEnd, load: () => Promise<SiteExecution | null>): Promise<WorkVerdict> {
    switch (end) {
      case 'done':
        return { do: 'complete' };
      case 'interrupted':
        return { do: 'release' };
      case 'lost':
        return again(5_000);
      case 'unknown':
        return again(30_000);
      case 'wait': {
        const execution = await load();
        if (!execution) return { do: 'complete' };
        if (execution.phase !== 'failed') return again(untilNextTry(item, execution));
        const tooLate = Date.now() > millisOf(execution.windowEndsAt) + searchMillis;
        return tooLate ? { do: 'complete' } : again(growing(item.attempts, 30_000, 3_600_000));
      }
      default:
        return end satisfies never;
    }
  }
}
