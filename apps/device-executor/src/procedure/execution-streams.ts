import { timestampOfMillis, type SiteExecution, type SiteExecutionCommand } from '@scheduled-scripts/domain';
import type { SiteExecutions } from '@scheduled-scripts/event-store';
import { patiently } from './patience.js';
import type { Run } from './run.js';

/** How the executor signs what it appends. */
const executorActor = 'service:device-executor';

/** A command before it is signed: who and when is the same for all. */
export type Unsigned<C = SiteExecutionCommand> = C extends SiteExecutionCommand ? Omit<C, 'at' | 'by'> : never;

/** A refusal that no second look would change: a mistake of ours, or of whoever wrote into the stream. */
export class UnforeseenRefusal extends Error {
  readonly code = 'unforeseen_refusal';
}

/** `again`: somebody was faster, or the window has closed; look again, and decide on that. `not_owner`: it is not ours any more. */
export type Appended = 'stored' | 'again' | 'not_owner';

const passing = new Set(['execution_finished', 'already_issued', 'window_closed', 'outcome_known']);

type Streamed = Pick<Run, 'executionId' | 'cause' | 'signal'>;

/** The streams of the executions, through outages of the store. Throws only when the run's signal has aborted meanwhile. */
export class ExecutionStreams {
  constructor(
    private readonly executions: SiteExecutions,
    /** Unique for each process: what `claimed` names. */
    readonly owner: string,
  ) {}

  load({ executionId, signal }: Streamed): Promise<SiteExecution | null> {
    return patiently(signal, () => this.executions.load(executionId));
  }

  /** The execution afterwards: ours, unless it has ended. From here a former owner can append nothing, and so issue nothing. */
  async claim(run: Streamed): Promise<SiteExecution | null> {
    return (await this.decide(run, { type: 'claim', owner: this.owner })).state;
  }

  async append(run: Streamed, command: Unsigned): Promise<Appended> {
    const decided = await this.decide(run, command);
    if (decided.ok) return 'stored';
    const { code } = decided.rejection;
    if (code === 'not_owner') return code;
    if (passing.has(code)) return 'again';
    throw new UnforeseenRefusal(`${command.type} of execution ${run.executionId} was refused: ${code}`);
  }

  /** Signed anew at each try: an outage may last until after the window. */
  private decide({ executionId, cause, signal }: Streamed, command: Unsigned) {
    return patiently(signal, () =>
      this.executions.decide(executionId, { ...command, at: timestampOfMillis(Date.now()), by: executorActor }, cause),
    );
  }
}
