import { millisOf, timestampOfMillis, type Sighting, type SiteExecution } from '@scheduled-scripts/domain';
import type { Device } from '../router/device.js';
import { executionOfName, objectNames } from '../router/object-names.js';

/** Since the issue: the wall clocks of two processes at first, then this process's own monotonic one, which nobody sets back. */
export class SinceIssue {
  private base: { readonly millis: number; readonly at: number } | null = null;

  millis(issued: SiteExecution['issued']): number {
    if (issued === null) return 0;
    this.base ??= { millis: Math.max(0, Date.now() - millisOf(issued.at)), at: performance.now() };
    return this.base.millis + (performance.now() - this.base.at);
  }
}

/** One look, in the order that the verdicts rely on: the job list first, then ticket and marker, then uptime. */
export const lookAt = async (
  device: Device,
  execution: Pick<SiteExecution, 'executionId' | 'issued'>,
  since: SinceIssue,
  startedJob: string | null,
): Promise<Sighting> => {
  const { executionId, issued } = execution;
  const names = objectNames(executionId);
  const jobs = await device.jobs(executionId, startedJob);
  const entries = await device.entries();
  const uptimeSeconds = await device.uptimeSeconds();
  const has = (wanted: string): boolean => entries.some(({ name }) => name === wanted);
  return {
    reached: true,
    at: timestampOfMillis(Date.now()),
    ours: entries.some(({ name }) => executionOfName(name) === executionId),
    ticket: has(names.ticket) ? 'present' : has(names.withdrawn) ? 'renamed' : 'gone',
    marker: device.marker(executionId, entries),
    job: jobs.certain.length > 0 || (issued !== null && jobs.possible) ? 'present' : 'none',
    uptimeSeconds,
    sinceIssueMillis: since.millis(issued),
  };
};
