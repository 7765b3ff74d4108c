import {
  scheduledScriptDecider,
  scheduledScriptStream,
  upcastScheduledScriptEvent,
  type ScheduledScriptCommand,
  type ScheduledScriptEvent,
  type ScheduledScriptRejection,
  type ScheduledScriptState,
} from '@scheduled-scripts/domain';
import type { EventStore } from '../event-store.js';
import type { DecidingOptions } from './decide-on.js';
import { repository, type Repository } from './repository.js';

export type ScheduledScripts = Repository<ScheduledScriptState, ScheduledScriptCommand, ScheduledScriptEvent, ScheduledScriptRejection>;

export const scheduledScripts = (store: EventStore, options?: DecidingOptions): ScheduledScripts =>
  repository(store, { decider: scheduledScriptDecider, streamOf: scheduledScriptStream, upcast: upcastScheduledScriptEvent }, options);
