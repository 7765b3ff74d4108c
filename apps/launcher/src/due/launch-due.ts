import { parseCause } from '@scheduled-scripts/contracts';
import { asTimestamp, firstMillisNotBefore, timestampOfMillis, type ScheduledScriptState } from '@scheduled-scripts/domain';
import type { Loaded, ScheduledScripts } from '@scheduled-scripts/event-store';
import { Turns } from '@scheduled-scripts/platform';
import type { ClaimedWork, WorkVerdict } from '@scheduled-scripts/postgres';
import { launcherActor } from '../launcher.actor.js';
import { reach } from './reach.js';

export interface LaunchDueOptions {
  readonly scripts: ScheduledScripts;
  readonly graceMillis: number;
  readonly windowMillis: number;
  /** Told of each launch, with how late it was in milliseconds, or that it was missed. */
  readonly onFired: (fired: 'launched' | 'missed', lateMillis: number) => void;
}

/** Few, because they share the store's connections with launches that are due now. */
const preparedAtOnce = 3;

/**
 * Waits for the instant and launches. The stream's expected revision lets one launch win, whatever the number of replicas. A script
 * that was changed, cancelled or launched meanwhile is refused by the decision, and its row has served its time: should it be authorized
 * again, its message brings a new one.
 */
export const launchDue = ({ scripts, graceMillis, windowMillis, onFired }: LaunchDueOptions) => {
  const turns = new Turns(preparedAtOnce);

  /** Loads the script while there is time. One that does not get its turn, or fails, is loaded at its instant. */
  const prepare = (scriptId: string, isOver: () => boolean): (() => Loaded<ScheduledScriptState> | undefined) => {
    let prepared: Loaded<ScheduledScriptState> | undefined;
    void turns
      .take(async () => {
        if (!isOver()) prepared = await scripts.prepare(scriptId);
      })
      .catch(() => undefined);
    return () => prepared;
  };

  return async (item: ClaimedWork, signal: AbortSignal): Promise<WorkVerdict> => {
    const instant = firstMillisNotBefore(asTimestamp(item.dueAt));
    let isOver = false;
    const prepared = prepare(item.id, () => isOver);
    const reached = await reach(instant, signal);
    isOver = true;
    if (reached === null) return { do: 'release' };
    const command = { type: 'launch-on-schedule', at: timestampOfMillis(reached), by: launcherActor, graceMillis, windowMillis } as const;
    const decided = await scripts.decide(item.id, command, parseCause(item.payload), prepared());
    const [event] = decided.ok ? decided.events : [];
    if (event && decided.state) {
      const lateMillis = Date.now() - firstMillisNotBefore(decided.state.launchAt);
      onFired(event.type === 'scheduled-script.launched.v1' ? 'launched' : 'missed', lateMillis);
    }
    return { do: 'complete' };
  };
};
