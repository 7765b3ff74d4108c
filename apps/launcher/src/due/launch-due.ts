import { asTimestamp, firstMillisNotBefore, timestampOfMillis } from '@scheduled-scripts/domain';
import type { ScheduledScripts } from '@scheduled-scripts/event-store';
import type { ClaimedWork, WorkVerdict } from '@scheduled-scripts/postgres';
import { launcherActor, parseCause } from '../cause.js';
import { reach } from './reach.js';

export interface LaunchDueOptions {
  readonly scripts: ScheduledScripts;
  readonly graceMillis: number;
  readonly windowMillis: number;
  /** Told of each launch, with how late it was in milliseconds, or that it was missed. */
  readonly onFired: (fired: 'launched' | 'missed', lateMillis: number) => void;
}

/**
 * Waits for the instant and launches. The stream's expected revision lets one launch win, whatever the number of replicas; a script
 * that was changed, cancelled or launched meanwhile is refused by the decision, and its row has served its time.
 */
export const launchDue =
  ({ scripts, graceMillis, windowMillis, onFired }: LaunchDueOptions) =>
  async (item: ClaimedWork, signal: AbortSignal): Promise<WorkVerdict> => {
    const instant = firstMillisNotBefore(asTimestamp(item.dueAt));
    if (!(await reach(instant, signal))) return { do: 'release' };
    const at = timestampOfMillis(Date.now());
    const command = { type: 'launch-on-schedule', at, by: launcherActor, graceMillis, windowMillis } as const;
    const decided = await scripts.decide(item.id, command, parseCause(item.payload));
    if (!decided.ok && decided.rejection.code === 'launch_too_early') return { do: 'reschedule', dueAt: item.dueAt };
    const [event] = decided.ok ? decided.events : [];
    if (event) onFired(event.type === 'scheduled-script.launched.v1' ? 'launched' : 'missed', Date.now() - instant);
    return { do: 'complete' };
  };
