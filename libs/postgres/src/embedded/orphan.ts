import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { commandOf, lockedBy, ownerOf, runningOn } from './running.js';
import { endServer } from './end-server.js';

const signal = (pids: readonly number[], name: NodeJS.Signals): void => {
  for (const pid of pids) {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended meanwhile.
    }
  }
};

const untilGone = async (data: string): Promise<void> => {
  while (runningOn(data).length > 0) await pause(50);
};

/**
 * A server whose starter was killed still runs on the data: it is told to stop, and waited for. Throws when its starter lives:
 * then another run uses the data.
 */
export const endOrphan = async (data: string): Promise<void> => {
  const running = runningOn(data);
  const owner = running.map(ownerOf).find((pid) => pid !== null);
  if (owner) throw new Error(`${data} is in use by another run, process ${owner}`);
  const pid = lockedBy(data);
  if (running.length > 0) {
    const first = running.filter((one) => one.pid === pid);
    await endServer((name) => {
      const pids = (name === 'SIGKILL' || first.length === 0 ? running : first).map((one) => one.pid);
      signal(pids, name);
    }, untilGone(data));
  } else if (pid !== null && !/postgres/.test(commandOf(pid))) {
    // After a reboot the number may be somebody else's. Postgres would then refuse to start.
    rmSync(join(data, 'postmaster.pid'), { force: true });
  }
};
