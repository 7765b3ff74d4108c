import { existsSync, readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';

/** A pid may be given to somebody else; a pid and the instant at which it began may not. */
export interface ProcessProof {
  readonly pid: number;
  /** In ticks since boot; `null` where the system does not say. */
  readonly start: string | null;
}

const hasProc = existsSync('/proc/self/stat');

/** State, parent and so on: what follows the name, which may hold anything. */
export const statOf = (pid: number): readonly string[] | null => {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return null;
  }
};

export const proofOf = (pid: number): ProcessProof => ({ pid, start: statOf(pid)?.[19] ?? null });

const answersSignals = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** One that has ended and waits to be collected by a parent that never does, as in a container, does not run. */
export const stillRuns = ({ pid, start }: ProcessProof): boolean => {
  if (pid <= 1) return false; // Zero and below are groups of processes.
  if (!hasProc) return answersSignals(pid);
  const stat = statOf(pid);
  return stat !== null && stat[0] !== 'Z' && stat[0] !== 'X' && stat[19] === start;
};

/** To that very process and to no other; nothing where it has ended. */
export const signalTo = (proof: ProcessProof, signal: NodeJS.Signals): void => {
  try {
    if (stillRuns(proof)) process.kill(proof.pid, signal);
  } catch {
    // It has ended meanwhile.
  }
};

/** Asks it to end and waits; after `graceMillis` without asking. */
export const endProcess = async (proof: ProcessProof, graceMillis: number): Promise<void> => {
  signalTo(proof, 'SIGTERM');
  for (const deadline = Date.now() + graceMillis; stillRuns(proof); await pause(20)) {
    if (Date.now() > deadline) signalTo(proof, 'SIGKILL');
  }
};
