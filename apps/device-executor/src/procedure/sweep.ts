import { setTimeout as pause } from 'node:timers/promises';
import { RouterRefused } from '@scheduled-scripts/routeros';
import { removeBackupFiles } from '../router/backup.js';
import type { Device } from '../router/device.js';
import { executionOfName, isOurs } from '../router/object-names.js';

const alreadyGone = (error: unknown): void => {
  if (!(error instanceof RouterRefused)) throw error;
};

const removeSchedules = async (device: Device, executionId: string): Promise<void> => {
  const { rows } = await device.command('/system/scheduler/print', ['=.proplist=.id,name,comment']);
  for (const row of rows) {
    if (executionOfName(row['name'] ?? '') !== executionId || !isOurs(device.installation, row['comment'])) continue;
    await device.command('/system/scheduler/remove', [`=.id=${row['.id'] ?? ''}`]).catch(alreadyGone);
  }
};

/**
 * Removes what one execution has left: the schedule before the ticket that it would need, the ticket before the rest, the user's script, which
 * carries the marker, last.
 */
const sweep = async (device: Device, executionId: string, binaryToo: boolean): Promise<void> => {
  if (!device.facts.version.executes) await removeSchedules(device, executionId);
  const entries = (await device.entries()).filter(({ name }) => executionOfName(name) === executionId);
  const order = ['-t', '-x', '-w', ''];
  const rank = (name: string): number => order.findIndex((suffix) => name === `ax-${executionId}${suffix}`);
  for (const entry of entries.toSorted((a, b) => rank(a.name) - rank(b.name))) await device.removeEntry(entry).catch(alreadyGone);
  await removeBackupFiles(device, executionId, binaryToo);
};

const looks = 20;
const lookEveryMillis = 100;

/**
 * The wrapper marks its end a moment before it ends: waits for that, and leaves everything where it is while a job of the execution
 * goes on. The binary backup stays for people unless `binaryToo`.
 */
export const sweepWhenQuiet = async (device: Device, executionId: string, binaryToo: boolean): Promise<void> => {
  for (let look = 0; look < looks; look += 1) {
    if ((await device.jobs(executionId, null)).certain.length === 0) return sweep(device, executionId, binaryToo);
    await pause(lookEveryMillis);
  }
};
