import type { Fact } from './decider.js';
import type { ScheduledScriptEvent, ScheduledScriptEventType } from './scheduled-script/scheduled-script.events.js';
import type { ScriptSummaryEvent } from './script-summary/script-summary.js';
import type { SiteExecutionEvent, SiteExecutionEventType } from './site-execution/site-execution.events.js';
import { asTimestamp } from './timestamp.js';

/** An event as a store gives it back; `metadata.at` and `metadata.actor` become the fact's `at` and `by`. */
export interface StoredEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly metadata: { readonly at: string; readonly actor: string };
}

/**
 * Every version ever stored, with the way its data become those of today's event. So far there are only first versions.
 * A type that is not listed is not ours to understand: `null`.
 */
type Upcasts<Type extends string> = Readonly<Record<Type, (data: StoredEvent['data']) => StoredEvent['data']>>;

const asStored = (data: StoredEvent['data']): StoredEvent['data'] => data;

const upcaster =
  <Event extends Fact<string, unknown>>(upcasts: Upcasts<Event['type']>) =>
  ({ type, data, metadata }: StoredEvent): Event | null => {
    const isKnown = (name: string): name is Event['type'] => Object.hasOwn(upcasts, name);
    if (!isKnown(type)) return null;
    return { type, at: asTimestamp(metadata.at), by: metadata.actor, data: upcasts[type](data) } as Event;
  };

const scheduledScriptUpcasts: Upcasts<ScheduledScriptEventType> = {
  'scheduled-script.created.v1': asStored,
  'scheduled-script.revised.v1': asStored,
  'scheduled-script.authorization-requested.v1': asStored,
  'scheduled-script.authorized.v1': asStored,
  'scheduled-script.cancelled.v1': asStored,
  'scheduled-script.launched.v1': asStored,
  'scheduled-script.test-requested.v1': asStored,
  'scheduled-script.rollout-aborted.v1': asStored,
  'scheduled-script.rollout-completed.v1': asStored,
};

const siteExecutionUpcasts: Upcasts<SiteExecutionEventType> = {
  'site-execution.requested.v1': asStored,
  'site-execution.claimed.v1': asStored,
  'site-execution.prepared.v1': asStored,
  'site-execution.issued.v1': asStored,
  'site-execution.completed.v1': asStored,
  'site-execution.failed.v1': asStored,
  'site-execution.resolved.v1': asStored,
};

export const upcastScheduledScriptEvent = upcaster<ScheduledScriptEvent>(scheduledScriptUpcasts);
export const upcastSiteExecutionEvent = upcaster<SiteExecutionEvent>(siteExecutionUpcasts);
export const upcastScriptSummaryEvent = upcaster<ScriptSummaryEvent>({ 'script-summary.summarized.v1': asStored });
