import { parseCause, type Cause } from '@scheduled-scripts/contracts';
import { fold, scheduledScriptDecider, timestampOfMillis, type ExecutionOrder } from '@scheduled-scripts/domain';
import type { ScheduledScripts, SiteExecutions } from '@scheduled-scripts/event-store';
import type { ClaimedWork, Database, WorkVerdict } from '@scheduled-scripts/postgres';
import { resultOf } from '../intake/outcomes.js';
import { launcherActor } from '../launcher.actor.js';
import { rolloutOrders, testOrder } from './execution-orders.js';
import { rolloutWork } from './rollout-work.js';

export interface RollOutOptions {
  readonly database: Database;
  readonly scripts: ScheduledScripts;
  readonly executions: SiteExecutions;
}

/** So many in one append, so that a rollout over ten thousand sites leaves the store free for others in between. */
const chunkSize = 500;
const abortsAtOnce = 32;

/** The steps of a rollout. Each may be cut off anywhere and done again: ids are derived, and what is there already is left alone. */
export class RollOut {
  constructor(private readonly options: RollOutOptions) {}

  async handle(item: ClaimedWork, signal: AbortSignal): Promise<WorkVerdict> {
    const scriptId = item.lane ?? '';
    const cause = parseCause(item.payload);
    const work = rolloutWork.parse(item.payload['work']);
    switch (work.kind) {
      case 'request':
        return this.request(scriptId, cause, signal);
      case 'test':
        return this.test(scriptId, work, cause);
      case 'abort':
        return this.abort(scriptId, cause, signal);
      case 'complete':
        return this.complete(scriptId, cause);
      default:
        return work satisfies never;
    }
  }

  private async request(scriptId: string, cause: Cause, signal: AbortSignal): Promise<WorkVerdict> {
    for (let from = 0; ; from += chunkSize) {
      // Anew each time: once it is aborted nothing more may be begun, and the abort sees to what is left.
      const script = await this.options.scripts.load(scriptId);
      const orders = script && !script.rolloutAborted ? rolloutOrders(script).slice(from, from + chunkSize) : [];
      if (orders.length === 0) return { do: 'complete' };
      if (signal.aborted) return { do: 'release' };
      await this.ask(orders, cause);
    }
  }

  private async test(scriptId: string, { number, revision }: { number: number; revision: number }, cause: Cause): Promise<WorkVerdict> {
    const events = await this.options.scripts.history(scriptId, revision);
    const asked = events.at(-1)?.event;
    const script = fold(
      scheduledScriptDecider.evolve,
      scheduledScriptDecider.initialState,
      events.map(({ event }) => event),
    );
    if (script && asked?.type === 'scheduled-script.test-requested.v1') {
      await this.ask([testOrder(script, asked.data.siteId, number, asked.data.windowEndsAt)], cause);
    }
    return { do: 'complete' };
  }

  /** What has not been asked for yet is asked for and withdrawn: every site of a rollout gets an end of its own. */
  private async abort(scriptId: string, cause: Cause, signal: AbortSignal): Promise<WorkVerdict> {
    const script = await this.options.scripts.load(scriptId);
    const orders = script ? rolloutOrders(script) : [];
    for (let from = 0; from < orders.length; from += abortsAtOnce) {
      if (signal.aborted) return { do: 'release' };
      const missing = await this.withdraw(orders.slice(from, from + abortsAtOnce), cause);
      if (missing.length === 0) continue;
      await this.ask(missing, cause);
      await this.withdraw(missing, cause);
    }
    return { do: 'complete' };
  }

  /** Refused once it is issued or ended: then it runs to its end. Answers those that nobody has asked for yet. */
  private async withdraw(orders: readonly ExecutionOrder[], cause: Cause): Promise<readonly ExecutionOrder[]> {
    const withdrawn = await Promise.all(
      orders.map(async (order) => {
        const decided = await this.options.executions.decide(order.executionId, { type: 'abort', ...this.signed() }, cause);
        return { order, isMissing: !decided.ok && decided.rejection.code === 'execution_not_found' };
      }),
    );
    return withdrawn.flatMap(({ order, isMissing }) => (isMissing ? [order] : []));
  }

  private async complete(scriptId: string, cause: Cause): Promise<WorkVerdict> {
    const result = await resultOf(this.options.database, scriptId);
    await this.options.scripts.decide(scriptId, { type: 'complete-rollout', ...this.signed(), ...result }, cause);
    return { do: 'complete' };
  }

  private ask(orders: readonly ExecutionOrder[], cause: Cause): Promise<unknown> {
    return this.options.executions.requestAll(orders, this.signed(), cause);
  }

  private signed() {
    return { at: timestampOfMillis(Date.now()), by: launcherActor };
  }
}
