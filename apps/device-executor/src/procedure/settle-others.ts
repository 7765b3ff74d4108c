import { executionOfName } from '../router/object-names.js';
import type { Driver } from './drive.js';
import { newRun, type Run } from './run.js';
import { sweepWhenQuiet } from './sweep.js';

/**
 * Older executions whose objects still lie on the router are settled before ours is prepared: what has ended or was never issued is removed, what was
 * issued is driven to its end. `false`: not all of it could be done now.
 */
export const settleOthers = async (driver: Driver, run: Run): Promise<boolean> => {
  const found = await run.contact.with(async (device) => ({
    others: new Set(
      (await device.entries()).flatMap(({ name }) => executionOfName(name) ?? []).filter((executionId) => executionId !== run.executionId),
    ),
  }));
  if ('reached' in found) return false;
  for (const executionId of found.others) if (!(await settle(driver, run, executionId))) return false;
  return true;
};

const settle = async (driver: Driver, run: Run, executionId: string): Promise<boolean> => {
  const other = newRun(executionId, run.cause, run.contact, run.signal);
  const execution = await driver.load(other);
  const isOpen = execution !== null && execution.phase !== 'completed' && execution.phase !== 'failed';
  // From here a former owner of it can append nothing, and so issue nothing.
  if (isOpen) await driver.append(other, { type: 'claim', owner: driver.options.owner });
  if (isOpen && execution.issued !== null) return (await driver.drive(other)).end === 'done';
  const swept = await run.contact.with(async (device) => {
    await sweepWhenQuiet(device, executionId, true);
    return { swept: true };
  });
  return 'swept' in swept;
};
