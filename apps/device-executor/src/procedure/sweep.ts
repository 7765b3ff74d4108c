import { setTimeout as pause } from 'node:timers/promises';
import { millisOf, type SiteExecution } from '@scheduled-scripts/domain';
import { executionsWithBackup, removeBackupFiles } from '../router/backup.js';
import type { Device } from '../router/device.js';
import { jobsOf, someMayBeOurs } from '../router/jobs.js';
import { executionOfName } from '../router/object-names.js';

const looks = 20;
const lookEveryMillis = 100;

/**
 * The wrapper marks its end a moment before it ends. `false`: a job of the execution goes on. A bare command that may be ours, where our
 * own job's id is not known, is waited for and does not count in the end: it may be anybody's.
 */
const isQuiet = async (device: Device, executionId: string, startedJob: string | null): Promise<boolean> => {
  let certain = true;
  for (let look = 0; look < looks; look += 1) {
    const jobs = await device.jobs();
    certain = jobsOf(jobs, executionId, startedJob).length > 0;
    if (!certain && !someMayBeOurs(jobs, startedJob)) return true;
    await pause(lookEveryMillis);
  }
  return !certain;
};

/** The ticket before the rest; the user's script, which carries the marker, last. */
const order = ['-t', '-x', '-w', ''];

const sweep = async (device: Device, executionId: string, binaryToo: boolean): Promise<void> => {
  const isOf = ({ name }: { readonly name: string }): boolean => executionOfName(name) === executionId;
  if (!device.facts.version.executes) {
    const menu = '/system/scheduler';
    for (const entry of (await device.entries(menu)).filter(isOf)) await device.removeEntry(entry, menu);
  }
  const rank = (name: string): number => order.findIndex((suffix) => name === `ax-${executionId}${suffix}`);
  const entries = (await device.entries()).filter(isOf).toSorted((a, b) => rank(a.name) - rank(b.name));
  for (const entry of entries) await device.removeEntry(entry);
  await removeBackupFiles(device, executionId, binaryToo);
};

export interface SweepOptions {
  /** The job that the start command was given, where it is known. */
  readonly startedJob: string | null;
  /** The binary backup stays for people unless told. */
  readonly binaryToo: boolean;
}

/** Removes what one execution has left, unless a job of it goes on: then everything stays where it is, and the answer is `false`. */
export const sweepWhenQuiet = async (device: Device, executionId: string, options: SweepOptions): Promise<boolean> => {
  if (!(await isQuiet(device, executionId, options.startedJob))) return false;
  await sweep(device, executionId, options.binaryToo);
  return true;
};

/** So long, people may restore what was there before a script that failed. Flash is small: not for ever. */
const binaryKeptMillis = 7 * 24 * 3_600_000;

/** Removes the backups of executions that ended long ago. Files bear no comment: one that our store does not know is another's. */
export const sweepOldBackups = async (device: Device, load: (executionId: string) => Promise<SiteExecution | null>): Promise<void> => {
  for (const executionId of await executionsWithBackup(device)) {
    const finishedAt = (await load(executionId))?.finishedAt ?? null;
    if (finishedAt !== null && Date.now() > millisOf(finishedAt) + binaryKeptMillis) await removeBackupFiles(device, executionId, true);
  }
};
