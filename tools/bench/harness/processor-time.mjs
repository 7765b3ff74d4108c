import { existsSync, readdirSync, readFileSync } from 'node:fs';

const ticksPerSecond = 100;

/** The fields behind the name, which may hold anything; null for a process that has ended. */
const fieldsOf = (pid) => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
};

const seconds = (fields, from, to) => fields.slice(from, to).reduce((sum, ticks) => sum + Number(ticks), 0) / ticksPerSecond;

/** Of these processes and their children, those too that have ended, in seconds. It does not depend on what else the machine does. */
export const processorTime = (pids) => {
  if (!existsSync('/proc/self/stat')) return null;
  const parents = new Set(pids.map(String));
  let total = 0;
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const fields = fieldsOf(pid);
    if (fields && parents.has(pid)) total += seconds(fields, 11, 15);
    else if (fields && parents.has(fields[1])) total += seconds(fields, 11, 13);
  }
  return total;
};
