import type { Device } from './device.js';
import { commentOf, objectNames } from './object-names.js';
import { later } from './router-time.js';

/** Seconds ahead that a one-shot schedule is set, so that its second has not begun when it arrives. */
const scheduleAhead = 2;

/**
 * Sends the start command, once: detached, so that a script that cuts our own connection still ends. Answers the job's id where
 * there is one. Whatever it throws, the command may have taken effect.
 */
export const startDetached = async (device: Device, executionId: string, uptimeSeconds: number): Promise<string | null> => {
  const { wrapper, schedule } = objectNames(executionId);
  const run = `/system script run "${wrapper}"`;
  if (device.facts.version.executes) return (await device.command('/execute', [`=script=${run}`])).ret;
  const { date, time } = later(await device.clock(), scheduleAhead);
  // A loss of power can bring ticket and schedule back, and boot with a clock that is behind: then the uptime is behind as well.
  const onEvent = `:if ([/system resource get uptime] >= ${uptimeSeconds}s) do={ ${run} }`;
  await device.command('/system/scheduler/add', [
    `=name=${schedule}`,
    `=comment=${commentOf(device.installation, executionId, 'schedule')}`,
    `=on-event=${onEvent}`,
    `=start-date=${date}`,
    `=start-time=${time}`,
    '=interval=0s',
  ]);
  return null;
};
