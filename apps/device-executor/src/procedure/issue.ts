import type { Device } from '../router/device.js';
import { objectNames } from '../router/object-names.js';
import { commentOf } from '../router/object-names.js';
import { later } from '../router/router-time.js';

/** Seconds ahead that a one-shot schedule is set, so that its second has not begun when it arrives. */
const scheduleAhead = 2;

/**
 * Sends the start command, once: detached, so that a script that cuts our own connection still ends. Answers the job's id where
 * there is one. Whatever it throws, the command may have taken effect.
 */
export const issueOnRouter = async (device: Device, executionId: string): Promise<string | null> => {
  const { wrapper, schedule } = objectNames(executionId);
  const run = `/system script run "${wrapper}"`;
  if (device.facts.version.executes) return (await device.command('/execute', [`=script=${run}`])).ret;
  const { date, time } = later(await device.clock(), scheduleAhead);
  const when = [`=start-date=${date}`, `=start-time=${time}`, '=interval=0s'];
  const comment = commentOf(device.installation, executionId, 'schedule');
  await device.command('/system/scheduler/add', [`=name=${schedule}`, `=comment=${comment}`, `=on-event=${run}`, ...when]);
  return null;
};
