/** The job was removed, or the router lost power: nothing in a script can catch this. */
export class JobKilled extends Error {
  readonly code = 'job_killed';
}

export interface JobStart {
  readonly type: 'command' | 'login' | 'api-login';
  readonly owner: string;
  readonly script: string | null;
  readonly parent: Job | null;
}

/** Something that runs on the router: a session, a command in the background, a script, each script it calls. */
export class Job {
  private killedBecause: string | null = null;
  private readonly onKill = new Set<() => void>();

  constructor(
    readonly id: string,
    readonly start: JobStart,
    readonly startedAt: number,
  ) {}

  get killed(): string | null {
    return this.killedBecause ?? this.start.parent?.killed ?? null;
  }

  /** What all of this began with, short of the session: the command that called the script that called this one. */
  root(): Job {
    const { parent } = this.start;
    return parent && parent.start.type === 'command' ? parent.root() : this;
  }

  assertAlive(): void {
    const reason = this.killed;
    if (reason !== null) throw new JobKilled(reason);
  }

  /** Rejects with `JobKilled` as soon as the job dies. */
  async wait(milliseconds: number): Promise<void> {
    this.assertAlive();
    let timer: NodeJS.Timeout | undefined;
    let wake: (() => void) | undefined;
    try {
      await new Promise<void>((resolve) => {
        wake = resolve;
        // A longer timer than this fires at once.
        timer = setTimeout(resolve, Math.min(milliseconds, 0x7fff_ffff));
        this.whenKilled(wake);
      });
    } finally {
      clearTimeout(timer);
      if (wake) this.forget(wake);
    }
    this.assertAlive();
  }

  whenKilled(listener: () => void): void {
    this.onKill.add(listener);
    this.start.parent?.whenKilled(listener);
  }

  forget(listener: () => void): void {
    this.onKill.delete(listener);
    this.start.parent?.forget(listener);
  }

  kill(reason: string): void {
    if (this.killedBecause !== null) return;
    this.killedBecause = reason;
    for (const listener of this.onKill) listener();
  }
}

export class JobTable {
  private readonly jobs = new Map<string, Job>();
  private nextId = 1;

  constructor(private readonly now: () => number) {}

  start(start: JobStart): Job {
    const job = new Job(`*${(this.nextId++).toString(16).toUpperCase()}`, start, this.now());
    this.jobs.set(job.id, job);
    return job;
  }

  end(job: Job): void {
    this.jobs.delete(job.id);
  }

  list(): Job[] {
    return [...this.jobs.values()].filter((job) => job.killed === null);
  }

  get(id: string): Job | null {
    return this.jobs.get(id) ?? null;
  }

  killAll(reason: string): void {
    for (const job of this.jobs.values()) job.kill(reason);
    this.jobs.clear();
    this.nextId = 1;
  }
}
