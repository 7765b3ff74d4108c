import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { setTimeout as rest } from 'node:timers/promises';
import { proofOf, statOf, stillRuns, type ProcessProof } from '../stack/process-proof.js';

const allPids = (): readonly number[] =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number);

/** The process and all that it has started, and they in turn. */
export const familyOf = (pid: number): readonly ProcessProof[] => {
  const parents = allPids().map((one) => [one, Number(statOf(one)?.[1])] as const);
  const family = [pid];
  for (const member of family) family.push(...parents.flatMap(([one, parent]) => (parent === member ? [one] : [])));
  return family.map(proofOf);
};

export const commandOf = ({ pid }: ProcessProof): string => {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
  } catch {
    return '';
  }
};

/** Commands of those that still run. */
export const alive = (processes: readonly ProcessProof[]): readonly string[] => processes.filter(stillRuns).map(commandOf);

/** Waits until none of them runs. What was told to end at the last moment may take one more. */
export const gone = async (processes: readonly ProcessProof[], withinMillis = 2_000): Promise<void> => {
  for (const deadline = Date.now() + withinMillis; processes.some(stillRuns); await rest(20)) {
    if (Date.now() > deadline) throw new Error(`still running: ${alive(processes).join('\n')}`);
  }
};

const socketsOf = ({ pid }: ProcessProof): readonly string[] =>
  readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
    try {
      return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
    } catch {
      return []; // Closed meanwhile.
    }
  });

const listening = '0A';

/** Addresses, in the kernel's own form, at which they listen. */
export const listeningAddressesOf = (processes: readonly ProcessProof[]): readonly string[] => {
  const own = new Set(processes.flatMap(socketsOf));
  return ['tcp', 'tcp6'].flatMap((protocol) =>
    readFileSync(`/proc/net/${protocol}`, 'utf8')
      .split('\n')
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, local = '', , state, , , , , , inode = '']) =>
        state === listening && own.has(inode) ? [local.split(':')[0] ?? ''] : [],
      ),
  );
};
