import { executionOfName } from '../router/object-names.js';
import type { Device } from '../router/device.js';
import type { ExecutionStreams } from './execution-streams.js';
import { newRun, type Run, type RunEnd } from './run.js';
import { sweepWhenQuiet } from './sweep.js';

/** The executions of this installation, other than ours, that have left something there. */
const leftThere = async (device: Device, ours: string): Promise<readonly string[]> => {
  const entries = [...(await device.entries()), ...(device.facts.version.executes ? [] : await device.entries('/system/scheduler'))];
  const executions = new Set(entries.flatMap(({ name }) => executionOfName(name) ?? []));
  executions.delete(ours);
  return [...executions];
};

/** Drives one of the others, as ours will be: from wherever it stands to its end. */
type Drive = (other: Run) => Promise<RunEnd>;

/**
 * Before ours is prepared, older executions whose objects still lie on the router are settled, whoever drove them: what was issued is
 * driven to its end, or to the truth about it, and the rest is removed. So no two run there at a time, even where the site's lane was
 * given up because the router could not be reached. `false`: not all of it could be done now.
 */
export const settleOthers = async (streams: ExecutionStreams, run: Run, drive: Drive): Promise<boolean> => {
  const met = await run.contact.with((device) => leftThere(device, run.executionId));
  if (!met.reached) return false;
  for (const executionId of met.value) if (!(await settle(streams, run, executionId, drive))) return false;
  return true;
};

const settle = async (streams: ExecutionStreams, run: Run, executionId: string, drive: Drive): Promise<boolean> => {
  const organizationId = (await streams.load({ ...run, executionId }))?.organizationId ?? run.cause.organizationId;
  const other = newRun(executionId, { ...run.cause, organizationId }, run.contact, run.signal);
  // What has become of it counts from after the claim: a former owner may just have issued it.
  const execution = await streams.claim(other);
  const wasNeverIssued = execution === null || (execution.issued === null && execution.finishedAt === null);
  if (!wasNeverIssued && (await drive(other)).end !== 'done') return false;
  const met = await run.contact.with((device) => sweepWhenQuiet(device, executionId, { startedJob: null, binaryToo: wasNeverIssued }));
  return met.reached && met.value;
};
