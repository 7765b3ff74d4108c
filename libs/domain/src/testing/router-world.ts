import { type Memory, type NextStep, freshMemory, remember } from '../site-execution/next-step.js';
import { nextStep } from '../site-execution/procedure.js';
import type { Marker, Sighting } from '../site-execution/router-observation.js';
import { issuedJournal, sight } from './observations.js';

/** One thing that happens: to the router, to the driver, or to the network between them. */
export type Happening =
  | { readonly what: 'time passes'; readonly millis: number }
  /** The wrapper does its next step; `run` picks among the starts that were issued twice. */
  | { readonly what: 'wrapper steps'; readonly run: number; readonly ends: 'ok' | 'err' }
  | { readonly what: 'job dies'; readonly run: number }
  /** Loses all jobs, and the last writes of the configuration if the power went. */
  | { readonly what: 'reboot'; readonly lostWrites: number }
  | { readonly what: 'driver steps' }
  | { readonly what: 'driver crashes' };

interface Run {
  /** `issued`: the start is on its way and no job is listed yet. */
  at: 'issued' | 'begins' | 'claimed' | 'marked' | 'ran' | 'over';
}

interface Configuration {
  readonly ticket: Sighting['ticket'];
  readonly marker: Marker;
}

/**
 * A router with an issued execution, and a driver that looks at it in single reads, between which anything may happen.
 * The judge knows what the driver cannot: how often the script ran and how it ended.
 */
export class RouterWorld {
  scriptRuns = 0;
  scriptEnded: 'ok' | 'err' | null = null;
  verdict: Extract<NextStep, { do: 'finish' }> | null = null;

  private readonly runs: Run[];
  private writes: Configuration[] = [{ ticket: 'present', marker: 'prepared' }];
  private millis = 0;
  private bootedAtMillis = -issuedUptimeMillis;
  private memory: Memory = freshMemory;
  /** The read that a look has got to, and what it has read. */
  private half: { job: Sighting['job']; ticket: Sighting['ticket'] | null } | null = null;

  constructor(starts: number) {
    this.runs = Array.from({ length: starts }, () => ({ at: 'issued' }));
  }

  happens(happening: Happening): void {
    switch (happening.what) {
      case 'time passes':
        this.millis += happening.millis;
        return;
      case 'wrapper steps':
        this.wrapperSteps(this.runs[happening.run % this.runs.length], happening.ends);
        return;
      case 'job dies':
        this.stop(this.runs[happening.run % this.runs.length]);
        return;
      case 'reboot':
        for (const run of this.runs) run.at = 'over';
        this.writes = this.writes.slice(0, Math.max(1, this.writes.length - happening.lostWrites));
        this.bootedAtMillis = this.millis;
        return;
      case 'driver steps':
        this.driverSteps();
        return;
      case 'driver crashes':
        this.memory = freshMemory;
        this.half = null;
        return;
      default:
        happening satisfies never;
    }
  }

  /** Everything still on its way happens, whatever the driver thinks. */
  settle(): void {
    for (let step = 0; step < 6; step += 1) for (const run of this.runs) this.wrapperSteps(run, 'ok');
  }

  private get configuration(): Configuration {
    return this.writes.at(-1) ?? { ticket: 'gone', marker: 'none' };
  }

  private write(change: Partial<Configuration>): void {
    this.writes.push({ ...this.configuration, ...change });
  }

  private isListed(): boolean {
    return this.runs.some(({ at }) => at !== 'issued' && at !== 'over');
  }

  private stop(run: Run | undefined): void {
    if (run && run.at !== 'issued') run.at = 'over';
  }

  private wrapperSteps(run: Run | undefined, ends: 'ok' | 'err'): void {
    if (run === undefined) return;
    const { at } = run;
    switch (at) {
      case 'issued':
        run.at = 'begins';
        return;
      case 'begins':
        if (this.configuration.ticket === 'present') {
          this.write({ ticket: 'gone' });
          run.at = 'claimed';
        } else run.at = 'over';
        return;
      case 'claimed':
        this.write({ marker: 'started' });
        run.at = 'marked';
        return;
      case 'marked':
        this.scriptRuns += 1;
        this.scriptEnded = ends;
        run.at = 'ran';
        return;
      case 'ran':
        this.write({ marker: this.scriptEnded === 'ok' ? 'ok' : { err: 'no such item' } });
        run.at = 'over';
        return;
      case 'over':
        return;
      default:
        at satisfies never;
    }
  }

  private driverSteps(): void {
    if (this.verdict !== null) return;
    if (this.half === null) {
      this.half = { job: this.isListed() ? 'present' : 'none', ticket: null };
    } else if (this.half.ticket === null) {
      this.half.ticket = this.configuration.ticket;
    } else {
      const { job, ticket } = this.half;
      const uptimeSeconds = Math.floor((this.millis - this.bootedAtMillis) / 1_000);
      const seen = { job, ticket, marker: this.configuration.marker, uptimeSeconds, sinceIssueMillis: this.millis };
      this.half = null;
      this.obey(nextStep(sight(seen), issuedJournal, this.memory));
    }
  }

  private obey(step: NextStep): void {
    this.memory = remember(this.memory, step);
    if (step.do === 'finish') this.verdict = step;
    if (step.do === 'withdraw-ticket' && this.configuration.ticket === 'present') this.write({ ticket: 'renamed' });
    if (step.do === 'remove-job') for (const run of this.runs) this.stop(run);
  }
}

const issuedUptimeMillis = 500_000;
