import { parseCause } from '@scheduled-scripts/contracts';
import { millisOf, type SiteExecution } from '@scheduled-scripts/domain';
import type { Logger } from '@scheduled-scripts/platform';
import type { ClaimedWork, WorkVerdict } from '@scheduled-scripts/postgres';
import type { ReachOptions } from '../router/reach-site.js';
import { Contact } from './contact.js';
import type { Driver } from './drive.js';
import { newRun, type Run, type RunEnd } from './run.js';

/** Past its window an unknown outcome is looked for this long. */
const searchMillis = 7 * 24 * 3_600_000;

/** Whoever asks again for what ended longer ago repeats history: a sweep can wait for the next contact. */
const forgottenAfterMillis = 24 * 3_600_000;

/** In the payload of the row of an execution whose truth is looked for. */
export const searching = { search: true } as const;

const growing = (attempts: number, first: number, longest: number): number => Math.min(longest, first * 2 ** Math.min(attempts, 20));

const again = (millis: number, payload?: ClaimedWork['payload']): WorkVerdict => {
  const dueAt = new Date(Date.now() + millis).toISOString();
  return { do: 'reschedule', dueAt, ...(payload && { payload }) };
};

/** An offline router is tried often at first; nothing is decided later than the window's end because of a pause. */
const untilNextTry = ({ attempts }: ClaimedWork, { windowEndsAt }: SiteExecution): number => {
  const left = millisOf(windowEndsAt) - Date.now();
  const pause = growing(attempts, 1_000, 60_000);
  return left > 0 ? Math.min(pause, left + 1) : pause;
};

/** Nothing of it can be on the router, or it is too long ago to ask. */
const isOver = ({ failure, owner, finishedAt, windowEndsAt }: SiteExecution): boolean => {
  if (finishedAt === null) return false;
  if (failure?.reason === 'outcome_unknown') return Date.now() > millisOf(windowEndsAt) + searchMillis;
  return owner === null || Date.now() > millisOf(finishedAt) + forgottenAfterMillis;
};

/** One row of the work list: claims the execution in its stream and drives it. */
export class Execute {
  constructor(
    private readonly driver: Driver,
    private readonly reach: ReachOptions,
    private readonly logger: Logger,
  ) {}

  async handle(item: ClaimedWork, signal: AbortSignal): Promise<WorkVerdict> {
    const cause = parseCause(item.payload);
    const contact = new Contact({ organizationId: cause.organizationId, siteId: item.lane ?? '' }, this.reach, signal);
    const run = newRun(item.id, cause, contact, signal);
    try {
      // Refused when it has ended: then there is only something to clean up, or a truth to look for.
      const execution = await this.driver.streams.claim(run);
      if (execution === null) this.logger.error({ executionId: item.id }, 'the store knows nothing of this execution');
      if (execution === null || isOver(execution)) return { do: 'complete' };
      return await this.verdict(item, run, await this.driver.drive(run));
    } catch (error) {
      if (!signal.aborted) throw error;
      this.logger.debug({ err: error, executionId: item.id }, 'given back in the midst of it');
      return { do: 'release' };
    } finally {
      await contact.close();
    }
  }

  private async verdict(item: ClaimedWork, run: Run, ended: RunEnd): Promise<WorkVerdict> {
    switch (ended.end) {
      case 'done':
        return { do: 'complete' };
      case 'interrupted':
        return { do: 'release' };
      case 'lost':
        return again(5_000);
      case 'unknown':
        return again(30_000, { ...item.payload, ...searching });
      case 'wait': {
        this.logger.debug({ executionId: item.id, siteId: item.lane, because: ended.because }, 'the router cannot be reached now');
        const execution = await this.driver.streams.load(run);
        if (!execution) return { do: 'complete' };
        return again(execution.phase === 'failed' ? growing(item.attempts, 30_000, 3_600_000) : untilNextTry(item, execution));
      }
      default:
        return ended satisfies never;
    }
  }
}
