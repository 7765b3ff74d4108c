import { scheduledScriptJson, viewOfScript, type ScheduledScriptJson } from '@scheduled-scripts/contracts';
import {
  executionStateOf,
  fold,
  progressOf,
  scheduledScriptDecider,
  scriptSummaryDecider,
  siteExecutionDecider,
  summaryOf,
  upcastScheduledScriptEvent,
  upcastScriptSummaryEvent,
  upcastSiteExecutionEvent,
  type ScheduledScript,
  type ScheduledScriptEvent,
  type ScriptSummaryEvent,
  type SiteExecution,
  type SiteExecutionEvent,
} from '@scheduled-scripts/domain';
import type { EventStore, Position, RecordedEvent } from '@scheduled-scripts/event-store';

/** All that has ever happened, folded. */
export interface Facts {
  readonly events: readonly RecordedEvent[];
  readonly scripts: ReadonlyMap<string, { readonly state: ScheduledScript; readonly events: readonly ScheduledScriptEvent[] }>;
  readonly executions: readonly SiteExecution[];
  /** By script, oldest first. */
  readonly summaries: ReadonlyMap<string, readonly ScriptSummaryEvent[]>;
}

const quietMillis = 1_000;

const everyEvent = async (store: EventStore): Promise<readonly RecordedEvent[]> => {
  const events: RecordedEvent[] = [];
  const control = new AbortController();
  let timer = setTimeout(() => control.abort(), quietMillis);
  const after: Position | null = null;
  const streamPrefixes = ['scheduledScript-', 'scriptSummary-', 'siteExecution-'];
  for await (const batch of store.follow({ after, streamPrefixes, signal: control.signal })) {
    events.push(...batch.events);
    clearTimeout(timer);
    timer = setTimeout(() => control.abort(), quietMillis);
  }
  return events;
};

const byStream = (events: readonly RecordedEvent[], prefix: string): readonly (readonly RecordedEvent[])[] => {
  const streams = new Map<string, RecordedEvent[]>();
  for (const event of events) {
    if (!event.stream.startsWith(prefix)) continue;
    const own = streams.get(event.stream);
    if (own) own.push(event);
    else streams.set(event.stream, [event]);
  }
  return [...streams.values()];
};

export const readFacts = async (store: EventStore): Promise<Facts> => {
  const events = await everyEvent(store);
  const scripts = byStream(events, 'scheduledScript-').flatMap((stream) => {
    const own = stream.flatMap((event) => upcastScheduledScriptEvent(event) ?? []);
    const state = fold(scheduledScriptDecider.evolve, scheduledScriptDecider.initialState, own);
    return state ? [[state.id, { state, events: own }] as const] : [];
  });
  const executions = byStream(events, 'siteExecution-').flatMap((stream) => {
    const own: readonly SiteExecutionEvent[] = stream.flatMap((event) => upcastSiteExecutionEvent(event) ?? []);
    return fold(siteExecutionDecider.evolve, siteExecutionDecider.initialState, own) ?? [];
  });
  const summaries = byStream(events, 'scriptSummary-').map((stream) => {
    const own = stream.flatMap((event) => upcastScriptSummaryEvent(event) ?? []);
    return [own[0]?.data.scriptId ?? '', own] as const;
  });
  return { events, scripts: new Map(scripts), executions, summaries: new Map(summaries) };
};

/** The one field that depends on when it is asked for. */
export const withoutCountdown = <T extends { readonly t_minus: string }>({ t_minus: _countdown, ...rest }: T): Omit<T, 't_minus'> => rest;

/** What the list endpoint must show for these facts, newest first, without the countdown. */
export const expectedList = ({ scripts, executions, summaries }: Facts): readonly Omit<ScheduledScriptJson, 't_minus'>[] =>
  [...scripts.values()]
    .map(({ state }) => {
      const rollout = executions.filter(({ scriptId, kind }) => scriptId === state.id && kind === 'rollout');
      const ended = rollout.map(({ siteId, kind, phase }) => ({ siteId, kind, state: executionStateOf(phase) }));
      const [startedAt = null] = rollout.flatMap(({ issued }) => issued?.at ?? []).toSorted();
      const latest = fold(scriptSummaryDecider.evolve, scriptSummaryDecider.initialState, summaries.get(state.id) ?? []);
      const view = viewOfScript(state, summaryOf(state, latest));
      return withoutCountdown(scheduledScriptJson({ ...view, startedAt, progress: progressOf(state, ended) }, 0));
    })
    .toSorted((a, b) => (a.id < b.id ? 1 : -1));
