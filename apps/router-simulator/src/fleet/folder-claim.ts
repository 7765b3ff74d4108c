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
export class FolderClaim {
  private readonly file: string;
  private dead: Claim | null = null;

  constructor(directory: string) {
    this.file = path.join(directory, 'simulator.pid');
  }

  /** Throws `FolderInUse` while somebody holds the folder. */
  async assertFree(): Promise<void> {
    const other = read(this.file);
    if (other && (await isAlive(other))) throw new FolderInUse(other.pid);
    this.dead = other;
  }

  /** After `assertFree`, and once the control listener listens. Throws `FolderInUse` where somebody was faster. */
  take(mine: Omit<Claim, 'pid'>): void {
    if (this.dead) discard(this.file, this.dead);
    // Written in whole before it appears under its name; of two that come at once, one fails.
    const draft = `${this.file}.${mine.instance}`;
    writeFileSync(draft, JSON.stringify({ pid: process.pid, ...mine }), { mode: 0o600 });
    try {
      linkSync(draft, this.file);
    } catch (error) {
      throw new FolderInUse(read(this.file)?.pid ?? 0, { cause: error });
    } finally {
      unlinkSync(draft);
    }
  }

  release(instance: string): void {
    if (read(this.file)?.instance === instance) rmSync(this.file, { force: true });
  }
}

/** Null where there is none. */
const read = (file: string): Claim | null => {
  try {
    return claimSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return null;
  }
};

const isAlive = async ({ url, instance, pid }: Claim): Promise<boolean> => {
  try {
    const response = await fetch(`${url}/health`, { signal: AbortSignal.timeout(answerWithinMillis) });
    const body: unknown = await response.json();
    return z.object({ instance: z.literal(instance) }).safeParse(body).success;
  } catch (error) {
    // A process that is stopped, not gone, answers nobody.
    return error instanceof Error && error.name === 'TimeoutError' && exists(pid);
  }
};

const exists = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** Takes the dead claim away, unless somebody was faster and put a new one there. */
const discard = (file: string, dead: Claim): void => {
  const aside = `${file}.${process.pid}.dead`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside)?.instance === dead.instance) unlinkSync(aside);
  else renameSync(aside, file);
};
