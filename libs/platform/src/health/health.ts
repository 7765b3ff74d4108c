import type { Logger } from '../logger.js';
import { within } from '../within.js';

export interface HealthReport {
  readonly ok: boolean;
  /** Names and verdicts; the reasons go to the log, because they may name hosts. */
  readonly body: { readonly status: string; readonly checks: Readonly<Record<string, 'ok' | 'failed'>> };
}

export interface HealthOptions {
  readonly logger: Logger;
  readonly now: () => number;
  /** How long one check may take. */
  readonly timeoutMillis: number;
  /** How long a result is good for: probes and balancers ask more often than dependencies want to be asked. */
  readonly cacheMillis: number;
}

type Checks = Readonly<Record<string, () => Promise<void>>>;

/** What a service says of itself: alive until a worker dies for good, ready while it runs and all its checks pass. */
export class Health {
  #phase: 'starting' | 'running' | 'stopping' = 'starting';
  #checks: Checks = {};
  #dead = new Set<string>();
  #failing = new Set<string>();
  #asked: { readonly at: number; readonly report: Promise<HealthReport> } | undefined;

  constructor(private readonly options: HealthOptions) {}

  running(checks: Checks): void {
    this.#checks = checks;
    this.#phase = 'running';
  }

  stopping(): void {
    this.#phase = 'stopping';
  }

  workerDied(name: string): void {
    this.#dead.add(name);
  }

  live(): HealthReport {
    const checks = Object.fromEntries([...this.#dead].map((name) => [name, 'failed'] as const));
    return { ok: this.#dead.size === 0, body: { status: this.#dead.size === 0 ? 'ok' : 'failed', checks } };
  }

  async ready(): Promise<HealthReport> {
    if (this.#phase !== 'running') return { ok: false, body: { status: this.#phase, checks: {} } };
    const now = this.options.now();
    if (this.#asked === undefined || now - this.#asked.at >= this.options.cacheMillis) this.#asked = { at: now, report: this.ask() };
    return this.#asked.report;
  }

  private async ask(): Promise<HealthReport> {
    const results = await Promise.all(
      Object.entries(this.#checks).map(async ([name, check]) => [name, await this.passes(name, check)] as const),
    );
    const ok = results.every(([, passed]) => passed);
    const checks = Object.fromEntries(results.map(([name, passed]) => [name, passed ? 'ok' : 'failed'] as const));
    return { ok, body: { status: ok ? 'ok' : 'failed', checks } };
  }

  private async passes(name: string, check: () => Promise<void>): Promise<boolean> {
    try {
      await within(this.options.timeoutMillis, check());
      if (this.#failing.delete(name)) this.options.logger.info({ check: name }, 'readiness check passes again');
      return true;
    } catch (error) {
      if (!this.#failing.has(name)) this.options.logger.warn({ check: name, err: error }, 'readiness check fails');
      this.#failing.add(name);
      return false;
    }
  }
}
