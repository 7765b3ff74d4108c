import { readFileSync, rmSync } from 'node:fs';
import { writeWhole } from './private-files.js';

/** A pid may be given to somebody else; a pid and the instant at which it began (in ticks since boot) may not. */
const startOf = (pid: number): string | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
  } catch {
    return null;
  }
};

export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Notes in `file` which process it is about. */
export const noteProcess = (file: string, pid: number): void => writeWhole(file, JSON.stringify({ pid, start: startOf(pid) }));

export const forgetProcess = (file: string): void => rmSync(file, { force: true });

/** The pid noted in `file`, if that very process still runs. */
export const notedProcess = (file: string): number | null => {
  try {
    const { pid, start } = JSON.parse(readFileSync(file, 'utf8')) as { pid: number; start: string | null };
    return Number.isInteger(pid) && pid > 1 && isAlive(pid) && startOf(pid) === start ? pid : null;
  } catch {
    return null;
  }
};
