import { linkSync, readFileSync, renameSync, rmSync, unlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { z } from 'zod';

const claimSchema = z.object({ pid: z.number(), instance: z.string(), url: z.string() });
type Claim = z.infer<typeof claimSchema>;

const answerWithinMillis = 2_000;

/** Another process runs the routers of this folder. */
export class FolderInUse extends Error {
  readonly code = 'folder_in_use';
  constructor(
    readonly pid: number,
    options?: { cause: unknown },
  ) {
    super(`the routers of this folder are run by process ${pid}`, options);
  }
}

/**
 * One process per state folder. The claim is a file that names the process and its control listener; it holds for as long as that
 * listener answers with the claim's instance, so the claim of a process that was killed is worth nothing.
 */
export const claimFolder = async (
  directory: string,
  mine: Omit<Claim, 'pid'>,
  listen: () => Promise<void>,
): Promise<{ release(): void }> => {
  const file = path.join(directory, 'simulator.pid');
  const other = read(file);
  if (other && (await isAlive(other))) throw new FolderInUse(other.pid);
  if (other) discard(file, other);
  await listen();
  // Written in whole before it appears under its name; of two that come at once, one fails.
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, JSON.stringify({ pid: process.pid, ...mine }), { mode: 0o600 });
  try {
    linkSync(draft, file);
  } catch (error) {
    throw new FolderInUse(read(file)?.pid ?? 0, { cause: error });
  } finally {
    unlinkSync(draft);
  }
  return {
    release: () => {
      if (read(file)?.instance === mine.instance) rmSync(file, { force: true });
    },
  };
};

/** Null where there is none. */
export const read = (file: string): Claim | null => {
  try {
    return claimSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
};

/** A listener that is stopped and answers nobody still counts: only a refusal, or another's answer, frees the folder. */
const isAlive = async ({ url, instance }: Claim): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(answerWithinMillis) });
    const body: unknown = await response.json();
    return z.object({ instance: z.literal(instance) }).safeParse(body).success;
  } catch (error) {
    return error instanceof Error && error.name === 'TimeoutError';
  }
};

/** Takes the dead claim away, unless somebody was faster and put a new one there. */
const discard = (file: string, dead: Claim): void => {
  const aside = `${file}.${process.pid}.dead`;
  renameSync(file, aside);
  if (read(aside)?.instance !== dead.instance) renameSync(aside, file);
  else unlinkSync(aside);
};
