import { journalOf, nextStep, remember, timestampOfMillis } from '@scheduled-scripts/domain';
import type { Finish, NextStep, RouterObservation, SiteExecution, SiteExecutionCommand } from '@scheduled-scripts/domain';
import type { SiteExecutions } from '@scheduled-scripts/event-store';
import type { Logger } from '@scheduled-scripts/platform';
import type { Queryable } from '@scheduled-scripts/postgres';
import { executorActor } from '../cause.js';
import { isRouterTrouble } from './contact.js';
import { issueOnRouter } from './issue.js';
import { lookAt } from './look.js';
import { patiently, rest } from './patience.js';
import { prepareOnRouter } from './prepare.js';
import { pollPauseMillis, type Run, type RunEnd } from './run.js';
import type { ScriptTexts } from './script-text.js';
import { settleOthers } from './settle-others.js';
import { sweepWhenQuiet } from './sweep.js';

export interface DriverOptions {
  readonly executions: SiteExecutions;
  readonly texts: ScriptTexts;
  /** Where configurations are kept. */
  readonly archive: Queryable;
  /** Unique for each process: what `claimed` names. */
  readonly owner: string;
  readonly scriptTimeoutMillis: number;
  readonly logger: Logger;
  readonly onEnd: (execution: SiteExecution, finish: Finish) => void;
}

type Unsigned<C = SiteExecutionCommand> = C extends SiteExecutionCommand ? Omit<C, 'at' | 'by'> : never;

/** Observes and obeys: what a look means is decided by `nextStep`, what may be appended by the execution's decider. */
export class Driver {
  constructor(readonly options: DriverOptions) {}

  /** From wherever the execution stands to its end, or to where nothing can be done now. */
  async drive(run: Run): Promise<RunEnd> {
    while (!run.signal.aborted) {
      const execution = await this.load(run);
      if (!execution) return { end: 'done' };
      const observation = await this.observe(run, execution);
      const step = nextStep(observation, journalOf(execution, this.options.scriptTimeoutMillis), run.memory);
      run.memory = remember(run.memory, step);
      const end = await this.obey(run, execution, observation, step);
      if (end) return end;
    }
    return { end: 'interrupted' };
  }

  load({ executionId, signal }: Run): Promise<SiteExecution | null> {
    return patiently(signal, () => this.options.executions.load(executionId));
  }

  /** `null` when it is stored; otherwise the code of the refusal. */
  async append(run: Run, command: Unsigned): Promise<string | null> {
    const signed = { ...command, at: timestampOfMillis(Date.now()), by: executorActor };
    const decided = await patiently(run.signal, () => this.options.executions.decide(run.executionId, signed, run.cause));
    return decided.ok ? null : decided.rejection.code;
  }

  private observe(run: Run, execution: SiteExecution): Promise<RouterObservation> {
    run.looks += 1;
    return run.contact.with((device) => lookAt(device, execution, run.since, run.startedJob));
  }

  private async obey(run: Run, execution: SiteExecution, observation: RouterObservation, step: NextStep): Promise<RunEnd | null> {
    switch (step.do) {
      case 'prepare':
        return this.prepareAndIssue(run, execution, step.cleanUp);
      case 'wait':
        if (step.for === 'router') return this.waitForRouter(run, execution, observation);
        await rest(pollPauseMillis(run.looks), run.signal);
        return null;
      case 'confirm':
        await rest(step.afterMillis, run.signal);
        return null;
      case 'withdraw-ticket':
        await run.contact.with((device) => device.withdrawTicket(run.executionId));
        return null;
      case 'remove-job':
        await run.contact.with(async (device) => {
          for (const id of (await device.jobs(run.executionId, run.startedJob)).certain) await device.removeJob(id);
        });
        await rest(pollPauseMillis(run.looks), run.signal);
        return null;
      case 'finish':
        return this.finish(run, execution, observation, step);
      case 'clean-up':
        await this.cleanUp(run, execution);
        return { end: 'done' };
      case 'leave':
        return { end: 'done' };
      default:
        return step satisfies never;
    }
  }

  /** Before anything of ours lies there the site is free for others meanwhile; afterwards it is held until the end. */
  private async waitForRouter(run: Run, execution: SiteExecution, observation: RouterObservation): Promise<RunEnd | null> {
    const because = observation.reached ? null : observation.message;
    if (!execution.prepared || execution.phase === 'failed') return { end: 'wait', because };
    await rest(Math.min(30_000, 500 * 2 ** Math.min(run.looks, 6)), run.signal);
    return null;
  }

  private async prepareAndIssue(run: Run, execution: SiteExecution, cleanUp: boolean): Promise<RunEnd | null> {
    const { owner, texts, archive } = this.options;
    if (!(await settleOthers(this, run))) return null;
    const text = await patiently(run.signal, () => texts.get(execution));
    const prepared = await run.contact.with(async (device) => {
      if (cleanUp) await sweepWhenQuiet(device, run.executionId, true);
      return prepareOnRouter(device, archive, execution, text);
    });
    if ('reached' in prepared) return null;
    if (!prepared.ok) return this.end(run, execution, { outcome: 'failed', reason: prepared.reason, message: prepared.message });
    const refusal = await this.append(run, { type: 'prepare', owner, backup: prepared.backup });
    if (refusal) return this.refused(refusal);
    return this.issue(run);
  }

  /** The journal before the bytes: whoever reads `issued` knows that the command may be on its way, and sends none. */
  private async issue(run: Run): Promise<RunEnd | null> {
    const { owner, logger } = this.options;
    const uptime = await run.contact.with(async (device) => ({ seconds: await device.uptimeSeconds() }));
    if ('reached' in uptime) return null;
    const refusal = await this.append(run, { type: 'issue', owner, routerUptimeSeconds: uptime.seconds });
    if (refusal) return this.refused(refusal);
    await run.contact.with(async (device) => {
      try {
        run.startedJob = await issueOnRouter(device, run.executionId);
      } catch (error) {
        if (!isRouterTrouble(error)) throw error;
        logger.warn({ err: error, executionId: run.executionId }, 'nobody knows whether the start command arrived; the router will tell');
        throw error;
      }
    });
    return null;
  }

  private async finish(run: Run, execution: SiteExecution, observation: RouterObservation, finish: Finish): Promise<RunEnd | null> {
    if (execution.phase !== 'failed') return this.end(run, execution, finish, observation.reached);
    const isUnknown = finish.outcome === 'failed' && finish.reason === 'outcome_unknown';
    if (!isUnknown) {
      const refusal = await this.append(run, { type: 'resolve', ...finish });
      if (refusal) return this.refused(refusal);
      this.options.onEnd(execution, finish);
    }
    await this.cleanUp(run, execution);
    return { end: 'done' };
  }

  /** The end is appended first: were the objects removed first, a crash in between would turn a known end into an unknown one. */
  private async end(run: Run, execution: SiteExecution, finish: Finish, reached = true): Promise<RunEnd | null> {
    const { owner, onEnd } = this.options;
    const command =
      finish.outcome === 'completed'
        ? ({ type: 'complete', owner } as const)
        : ({ type: 'fail', owner, reason: finish.reason, message: finish.message } as const);
    const refusal = await this.append(run, command);
    if (refusal) return this.refused(refusal);
    onEnd(execution, finish);
    if (!reached && finish.outcome === 'failed' && finish.reason === 'outcome_unknown') return { end: 'unknown' };
    if (reached) await this.cleanUp(run, execution, finish.outcome === 'completed');
    return { end: 'done' };
  }

  /** What cannot be removed now is swept at the next contact. */
  private async cleanUp(run: Run, execution: SiteExecution, binaryToo = execution.issued === null): Promise<void> {
    await run.contact.with((device) => sweepWhenQuiet(device, run.executionId, binaryToo));
  }

  /** Finished or issued by somebody else: look again. Owned by somebody else: not ours any more. */
  private refused(code: string): RunEnd | null {
    return code === 'not_owner' ? { end: 'lost' } : null;
  }
}
