import { hasRebooted, timestampOfMillis, type Sighting, type SiteExecution } from '@scheduled-scripts/domain';
import type { Device } from '../router/device.js';
import { jobsOf, someMayBeOurs } from '../router/jobs.js';
import { executionOfName, objectNames } from '../router/object-names.js';
import type { Run } from './run.js';

/** One look, in the order that the verdicts rely on: the job list first, then ticket and marker, then uptime. */
export const lookAt = async (device: Device, run: Run, { executionId, issued }: SiteExecution): Promise<Sighting> => {
  const jobs = await device.jobs();
  const entries = await device.entries();
  const uptimeSeconds = await device.uptimeSeconds();
  const sinceIssueMillis = run.since.millis(issued);
  // No job outlives a reboot, and their ids begin anew: ours may be a stranger's.
  const rebooted = issued !== null && hasRebooted({ uptimeSeconds, sinceIssueMillis }, issued);
  if (rebooted) run.startedJob = null;
  const isListed =
    jobsOf(jobs, executionId, run.startedJob).length > 0 || (issued !== null && !rebooted && someMayBeOurs(jobs, run.startedJob));

  const names = objectNames(executionId);
  const has = (wanted: string): boolean => entries.some(({ name }) => name === wanted);
  return {
    reached: true,
    at: timestampOfMillis(Date.now()),
    ours: entries.some(({ name }) => executionOfName(name) === executionId),
    ticket: has(names.ticket) ? 'present' : has(names.withdrawn) ? 'renamed' : 'gone',
    marker: device.marker(executionId, entries),
    job: isListed ? 'present' : 'none',
    uptimeSeconds,
    sinceIssueMillis,
  };
};
