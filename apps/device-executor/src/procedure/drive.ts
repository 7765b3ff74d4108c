import { journalOf, millisOf, nextStep, remember, type FailureReason, type Finish, type NextStep } from '@scheduled-scripts/domain';
import type { RouterObservation, SiteExecution } from '@scheduled-scripts/domain';
import type { Logger } from '@scheduled-scripts/platform';
import { jobsOf } from '../router/jobs.js';
import type { Appended, ExecutionStreams } from './execution-streams.js';
import { issueOnce, type IssueOptions } from './issue.js';
import { lookAt } from './look.js';
import { rest } from './patience.js';
import { prepareOnRouter, type PrepareOptions } from './prepare.js';
import { missPauseMillis, pollPauseMillis, type Run, type RunEnd } from './run.js';
import { settleOthers } from './settle-others.js';
import { sweepOldBackups, sweepWhenQuiet } from './sweep.js';

export interface DriverOptions extends PrepareOptions, IssueOptions {
  readonly streams: ExecutionStreams;
  readonly scriptTimeoutMillis: number;
  readonly logger: Logger;
  readonly onEnd: (execution: SiteExecution, finish: Finish) => void;
  /** The truth about an unknown outcome has been found. */
  readonly onResolved: (execution: SiteExecution, finish: Finish) => void;
}

const confirmLookMillis = 1_000;

/** Observes and obeys: what a look means is decided by `nextStep`, what may be appended by the execution's decider. */
export class Driver {
  constructor(private readonly options: DriverOptions) {}

  get streams(): ExecutionStreams {
    return this.options.streams;
  }

  /** From wherever the execution stands to its end, or to where nothing can be done now. */
  async drive(run: Run): Promise<RunEnd> {
    while (!run.signal.aborted) {
      const execution = await this.streams.load(run);
      if (!execution) return { end: 'done' };
      const met = await run.contact.with((device) => lookAt(device, run, execution));
      const observation = met.reached ? met.value : met;
      if (met.reached) run.misses = 0;
      const step = nextStep(observation, journalOf(execution, this.options.scriptTimeoutMillis), run.memory);
      run.memory = remember(run.memory, step);
      const end = await this.obey(run, execution, observation, step);
      if (end) return end;
    }
    return { end: 'interrupted' };
  }

  private async obey(run: Run, execution: SiteExecution, observation: RouterObservation, step: NextStep): Promise<RunEnd | null> {
    switch (step.do) {
      case 'prepare':
        return this.prepareAndIssue(run, execution, step.cleanUp);
      case 'wait':
        return step.for === 'script' ? this.poll(run) : this.miss(run, execution, observation.reached ? null : observation.message);
      case 'confirm':
        // Only what looks the same for so long counts, but what has changed is seen sooner.
        await rest(Math.min(step.afterMillis, confirmLookMillis), run.signal);
        return null;
      case 'withdraw-ticket':
        await run.contact.with((device) => device.withdrawTicket(run.executionId));
        return null;
      case 'remove-job':
        await run.contact.with(async (device) => {
          for (const job of jobsOf(await device.jobs(), run.executionId, run.startedJob)) await device.removeJob(job);
        });
        return this.poll(run);
      case 'finish': {
        const { do: _finish, ...finish } = step;
        return this.finish(run, execution, finish, observation.reached);
      }
      case 'clean-up':
      case 'leave':
        // Files are no part of a look: where nothing else is left, they may be.
        if (observation.reached) await this.cleanUp(run, execution, execution.failure?.reason ?? null);
        return { end: 'done' };
      default:
        return step satisfies never;
    }
  }

  private async poll(run: Run): Promise<null> {
    run.polls += 1;
    await rest(pollPauseMillis(run.polls), run.signal);
    return null;
  }

  /** A router that we lost with our objects on it is likely to be back soon. The window's end is never slept through. */
  private async miss(run: Run, execution: SiteExecution, because: string | null): Promise<RunEnd | null> {
    run.misses += 1;
    const pauseMillis = execution.prepared && execution.phase !== 'failed' ? missPauseMillis(run.misses) : null;
    if (pauseMillis === null) return { end: 'wait', because };
    const left = millisOf(execution.windowEndsAt) - Date.now();
    await rest(left > 0 ? Math.min(pauseMillis, left + 1) : pauseMillis, run.signal);
    return null;
  }

  /** All of it over one session: what reboots in between has to be looked at first. */
  private async prepareAndIssue(run: Run, execution: SiteExecution, cleanUp: boolean): Promise<RunEnd | null> {
    if (!(await settleOthers(this.streams, run, (other) => this.drive(other)))) return this.poll(run);
    const met = await run.contact.with(async (device) => {
      if (cleanUp && !(await sweepWhenQuiet(device, run.executionId, { startedJob: null, binaryToo: true }))) return 'again';
      const prepared = await prepareOnRouter(device, execution, run.signal, this.options);
      if (!prepared.ok) return { finish: { outcome: 'failed', reason: prepared.reason, message: prepared.message } } as const;
      const appended = await this.streams.append(run, { type: 'prepare', owner: this.streams.owner, backup: prepared.backup });
      return appended === 'stored' ? issueOnce(device, run, execution, this.options) : appended;
    });
    if (!met.reached) return this.miss(run, execution, met.message);
    if (typeof met.value === 'object') return this.finish(run, execution, met.value.finish, true);
    return met.value === 'not_owner' ? { end: 'lost' } : null;
  }

  /** The end is appended first: were the objects removed first, a crash in between would turn a known end into an unknown one. */
  private async finish(run: Run, execution: SiteExecution, finish: Finish, reached: boolean): Promise<RunEnd | null> {
    const isUnknown = finish.outcome === 'failed' && finish.reason === 'outcome_unknown';
    const isResolution = execution.phase === 'failed';
    if (!(isResolution && isUnknown)) {
      const appended = await (isResolution ? this.resolve(run, finish) : this.end(run, finish));
      if (appended === 'not_owner') return { end: 'lost' };
      if (appended === 'again') return null;
      this.options[isResolution ? 'onResolved' : 'onEnd'](execution, finish);
    }
    if (!reached) return { end: isUnknown ? 'unknown' : 'done' };
    await this.cleanUp(run, execution, finish.outcome === 'failed' ? finish.reason : null);
    return { end: 'done' };
  }

  private resolve(run: Run, finish: Finish): Promise<Appended> {
    return this.streams.append(run, { type: 'resolve', ...finish });
  }

  private end(run: Run, finish: Finish): Promise<Appended> {
    const { owner } = this.streams;
    if (finish.outcome === 'completed') return this.streams.append(run, { type: 'complete', owner });
    const { reason, message } = finish;
    const words = reason === 'not_started' && run.refusal !== null ? `${message ?? ''} (it said: ${run.refusal})` : message;
    return this.streams.append(run, { type: 'fail', owner, reason, message: words });
  }

  /** What cannot be removed now is swept at the next contact. Where something may be applied, the binary backup stays for people. */
  private async cleanUp(run: Run, { issued }: SiteExecution, failure: FailureReason | null): Promise<void> {
    const { startedJob } = run;
    const binaryToo = issued === null || failure === null || failure === 'not_started';
    await run.contact.with(async (device) => {
      await sweepWhenQuiet(device, run.executionId, { startedJob, binaryToo });
      await sweepOldBackups(device, (executionId) => this.streams.load({ ...run, executionId }));
    });
  }
}
