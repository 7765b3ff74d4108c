import { linkSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { UsageError } from '../options.js';
import { writeWhole } from './private-files.js';
import { proofOf, stillRuns, type ProcessProof } from './process-proof.js';

export class AlreadyRunning extends UsageError {
  constructor(data: string, { pid }: ProcessProof) {
    super(`process ${pid} runs on ${data} already: stop it first, or name another folder with --data`);
  }
}

const holderOf = (file: string): ProcessProof | null => {
  try {
    const proof = JSON.parse(readFileSync(file, 'utf8')) as ProcessProof;
    return stillRuns(proof) ? proof : null;
  } catch {
    return null;
  }
};

const isTaken = (error: unknown): boolean => typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST';

/** Aside first: of two that find the claim of a dead process, the slower one must not take away the claim of the faster. */
const discard = (file: string): void => {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
    if (holderOf(aside) !== null) linkSync(aside, file);
  } catch {
    // Somebody was faster.
  }
  rmSync(aside, { force: true });
};

/** One stack for each data folder. Answers what gives it back; throws `AlreadyRunning`. The claim of a process that was killed is void. */
export const claimFolder = (data: string): (() => void) => {
  const file = join(data, 'stack.pid');
  const mine = `${file}.${process.pid}`;
  writeWhole(mine, JSON.stringify(proofOf(process.pid)));
  try {
    for (;;) {
      try {
        linkSync(mine, file);
        return () => rmSync(file, { force: true });
      } catch (error) {
        if (!isTaken(error)) throw error;
      }
      const holder = holderOf(file);
      if (holder) throw new AlreadyRunning(data, holder);
      discard(file);
    }
  } finally {
    rmSync(mine, { force: true });
  }
};
