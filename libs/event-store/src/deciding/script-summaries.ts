import {
  scriptSummaryDecider,
  scriptSummaryStream,
  upcastScriptSummaryEvent,
  type ScriptSummaryCommand,
  type ScriptSummaryEvent,
  type ScriptSummaryState,
} from '@scheduled-scripts/domain';
import type { EventStore } from '../event-store.js';
import type { DecidingOptions } from './decide-on.js';
import { repository, type Repository } from './repository.js';

/** By the id of the script. */
export type ScriptSummaries = Repository<ScriptSummaryState, ScriptSummaryCommand, ScriptSummaryEvent, never>;

export const scriptSummaries = (store: EventStore, options?: DecidingOptions): ScriptSummaries =>
  repository(store, { decider: scriptSummaryDecider, streamOf: scriptSummaryStream, upcast: upcastScriptSummaryEvent }, options);
