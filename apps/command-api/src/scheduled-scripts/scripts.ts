import type { Caller } from '@scheduled-scripts/auth';
import { parseUuid, problem, problemOf, unknownSites } from '@scheduled-scripts/contracts';
import {
  scheduledScriptDecider,
  timestampOfMillis,
  type ScheduledScript,
  type ScheduledScriptCommand,
  type ScheduledScriptRejection,
  type ScheduledScriptState,
} from '@scheduled-scripts/domain';
import { StreamBusy, uuidv7, type Loaded, type ScheduledScripts } from '@scheduled-scripts/event-store';
import { ApiError, currentContext } from '@scheduled-scripts/platform';
import type { SiteDirectory } from '@scheduled-scripts/site-directory';

/** Who asks, and for which organization; what they may do has been judged by then. */
export type Asker = Pick<Caller, 'sub' | 'organizationId'>;

/** A command that is not yet signed: who asks, and when, is added here. */
export type Unsigned<Command = ScheduledScriptCommand> = Command extends ScheduledScriptCommand ? Omit<Command, 'at' | 'by'> : never;

type Creation = Unsigned & { readonly type: 'create' };
type Revision = Unsigned & { readonly type: 'revise' };
type Plan = (Creation | Revision)['plan'];

export interface ScriptsOptions {
  readonly repository: ScheduledScripts;
  readonly sites: SiteDirectory;
  readonly now: () => number;
}

/** Under a new id nothing has happened; should that be wrong, the append finds it out, and what stands is loaded and decided upon. */
const nothingYet: Loaded<ScheduledScriptState> = { state: scheduledScriptDecider.initialState, revision: 'no-stream' };

/** Scheduled scripts as one caller may see and change them. Refusals are `ApiError`s. */
export class Scripts {
  constructor(private readonly options: ScriptsOptions) {}

  /** Null for what is not there, and for what is another organization's: nobody outside shall learn that it exists. */
  async find(caller: Asker, scriptId: string): Promise<ScheduledScriptState> {
    const id = parseUuid(scriptId);
    const script = id === null ? null : await this.options.repository.load(id);
    return script?.organizationId === caller.organizationId ? script : null;
  }

  async load(caller: Asker, scriptId: string): Promise<ScheduledScript> {
    return (await this.prepare(caller, scriptId)).state;
  }

  /** Loads for a `decide` that follows, so that it need not do so again. */
  async prepare(caller: Asker, scriptId: string): Promise<Loaded<ScheduledScript>> {
    const id = parseUuid(scriptId);
    const { state, revision } = id === null ? nothingYet : await this.options.repository.prepare(id);
    if (state?.organizationId !== caller.organizationId) throw new ApiError(problem('script_not_found'));
    return { state, revision };
  }

  /** Decides on whatever stands then, and appends. `prepared`: the script, by `prepare`. */
  async decide(caller: Asker, scriptId: string, command: Unsigned, prepared?: Loaded<ScheduledScript>): Promise<ScheduledScript> {
    const loaded = prepared ?? (await this.prepare(caller, scriptId));
    return accepted(await this.ask(caller, loaded.state.id, command, loaded));
  }

  /** As `decide`, with the sites of the plan reserved before. */
  async revise(caller: Asker, command: Revision, prepared: Loaded<ScheduledScript>): Promise<ScheduledScript> {
    const { organizationId, id: scriptId } = prepared.state;
    const change = uuidv7();
    await this.reserveSites(caller, scriptId, command.plan, change);
    const revised = this.ask(caller, scriptId, command, prepared).then(accepted);
    const close = (): void => this.options.sites.closeChange({ organizationId, scriptId, change });
    // After an error of another kind nobody knows whether the append may still come.
    revised.then(close, (error: unknown) => void (error instanceof ApiError && close()));
    return revised;
  }

  /** The id belongs to one request of this caller: if a repeat of it was faster, what that has made is the answer. */
  async create(caller: Asker, command: Creation): Promise<ScheduledScript> {
    await this.reserveSites(caller, command.scriptId, command.plan);
    const { state } = await this.ask(caller, command.scriptId, command, nothingYet);
    if (state?.organizationId === caller.organizationId && state.createdBy === caller.sub) return state;
    throw refusal({ code: 'script_already_exists' });
  }

  /** Throws what the command would be refused with, and appends nothing. */
  rehearse(caller: Asker, script: ScheduledScriptState, command: Unsigned): void {
    const decision = scheduledScriptDecider.decide(this.signed(caller, command), script);
    if (!decision.ok) throw refusal(decision.rejection);
  }

  /** Before the append: from then on none of the sites can be removed under the script. */
  private async reserveSites(caller: Asker, scriptId: string, { sites, testSiteId }: Plan, change?: string): Promise<void> {
    const ids = new Set(testSiteId ? [...sites, testSiteId] : sites);
    const missing = new Set(await this.options.sites.reserve(caller.organizationId, scriptId, [...ids], change));
    if (missing.size === 0) return;
    const wanted = [
      ...sites.map((siteId, index) => ({ siteId, param: `sites[${index}]` })),
      ...(testSiteId ? [{ siteId: testSiteId, param: 'test_site_id' }] : []),
    ];
    throw new ApiError(unknownSites(wanted.filter(({ siteId }) => missing.has(siteId))));
  }

  private async ask(caller: Asker, id: string, command: Unsigned, prepared?: Loaded<ScheduledScriptState>) {
    try {
      return await this.options.repository.decide(id, this.signed(caller, command), causeOf(caller), prepared);
    } catch (error) {
      throw error instanceof StreamBusy ? tooBusy(error) : error;
    }
  }

  private signed(caller: Asker, command: Unsigned): ScheduledScriptCommand {
    // In this order: an object that is copied and then given more is slow to make.
    return { at: timestampOfMillis(this.options.now()), by: caller.sub, ...command };
  }
}

/** Nothing is away, and nothing was done: others change the script all the time. */
export const tooBusy = (cause: unknown): ApiError => {
  const message = 'Others keep changing this script at the same moment. Nothing was done: try again shortly.';
  return new ApiError(problem('dependency_unavailable', { message, headers: { 'Retry-After': '1' } }), { cause });
};

const refusal = (rejection: ScheduledScriptRejection): ApiError => new ApiError(problemOf(rejection));

const accepted = (decided: Awaited<ReturnType<ScheduledScripts['decide']>>): ScheduledScript => {
  if (!decided.ok) throw refusal(decided.rejection);
  if (decided.state === null) throw new Error('an accepted command has left no script');
  return decided.state;
};

/** A request is under way wherever commands come from; without one, the command is a conversation of its own. */
const causeOf = ({ organizationId }: Asker) => {
  const { correlationId = uuidv7(), causationId = correlationId, traceparent } = currentContext() ?? {};
  return { organizationId, correlationId, causationId, traceparent };
};
