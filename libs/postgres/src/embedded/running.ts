import { spawnSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

interface Running {
  readonly pid: number;
  readonly command: string;
}

const textOf = (file: string): string => {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return ''; // It has ended meanwhile.
  }
};

/** All processes; one that has ended and only waits to be collected has no command. */
const allRunning = (): readonly Running[] => {
  if (existsSync('/proc/self/cmdline')) {
    const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    return pids.map((pid) => ({ pid: Number(pid), command: textOf(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }));
  }
  const listed = spawnSync('ps', ['-axww', '-o', 'pid=,command='], { encoding: 'utf8' }).stdout ?? '';
  return listed.split('\n').map((line) => ({ pid: Number.parseInt(line, 10), command: line.trim().replace(/^\d+ /, '') }));
};

/** Every process of a cluster carries this in its command, the children of the first one too. */
export const clusterName = (data: string): string => `scheduled-scripts-${hash('sha256', data).slice(0, 16)}`;

/** The processes that work on this data folder, whoever started them. */
export const runningOn = (data: string): readonly Running[] => {
  const name = clusterName(data);
  return allRunning().filter(({ command }) => command.includes(name) || command.includes(`-D ${data} `));
};

export const commandOf = (pid: number): string => allRunning().find((one) => one.pid === pid)?.command ?? '';

/** Tells a process from a later one with the same number. Empty where the system does not say. */
const birthOf = (pid: number): string => textOf(`/proc/${pid}/stat`).split(') ').at(-1)?.split(' ')[19] ?? '';

const ownerSetting = 'scheduled_scripts.owner';

/** A setting of no effect: the server's command says for whom it runs. */
export const ownedBy = (pid: number): string => `${ownerSetting}=${pid}/${birthOf(pid)}`;

/** The process a server runs for, if that still lives. */
export const ownerOf = ({ command }: Running): number | null => {
  const [, pid, birth] = new RegExp(`${ownerSetting}=(\\d+)/(\\d*)`).exec(command) ?? [];
  const owner = Number(pid);
  return pid !== undefined && commandOf(owner) !== '' && birth === birthOf(owner) ? owner : null;
};

/** The number in the lock file that Postgres leaves in its data folder. */
export const lockedBy = (data: string): number | null => {
  const pid = Number.parseInt(textOf(join(data, 'postmaster.pid')), 10);
  return Number.isInteger(pid) && pid > 1 ? pid : null;
};
