import { millisOf, type SiteExecution } from '@scheduled-scripts/domain';
import type { Logger } from '@scheduled-scripts/platform';
import { RouterRefused } from '@scheduled-scripts/routeros';
import type { Device } from '../router/device.js';
import { startDetached } from '../router/start-detached.js';
import type { Appended, ExecutionStreams } from './execution-streams.js';
import type { Run } from './run.js';

export interface IssueOptions {
  readonly streams: ExecutionStreams;
  readonly logger: Logger;
}

/**
 * The journal before the bytes: whoever reads `issued` knows that the command may be on its way, and sends none. Throws what the session
 * throws; then nobody knows whether the command has arrived, and the router will tell.
 */
export const issueOnce = async (
  device: Device,
  run: Run,
  execution: SiteExecution,
  { streams, logger }: IssueOptions,
): Promise<Appended> => {
  const uptimeSeconds = await device.uptimeSeconds();
  const appended = await streams.append(run, { type: 'issue', owner: streams.owner, routerUptimeSeconds: uptimeSeconds });
  if (appended !== 'stored') return appended;
  // The store may have taken its time. What was never sent is withdrawn like what never arrived.
  if (Date.now() >= millisOf(execution.windowEndsAt)) return 'stored';
  try {
    run.startedJob = await startDetached(device, run.executionId, uptimeSeconds);
  } catch (error) {
    logger.warn({ err: error, executionId: run.executionId }, 'the start command was not answered well; the router will tell what it did');
    if (!(error instanceof RouterRefused)) throw error;
    run.refusal = error.message;
  }
  return 'stored';
};
