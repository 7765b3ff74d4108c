import type { ScheduledScriptEvent, ScriptSummaryEvent, SiteExecutionEvent } from '@scheduled-scripts/domain';
import type { z } from 'zod';
import { scheduledScriptSchemas } from './schemas/scheduled-script.schemas.js';
import { scriptSummarySchemas } from './schemas/script-summary.schemas.js';
import { siteExecutionSchemas } from './schemas/site-execution.schemas.js';

export type DomainEvent = ScheduledScriptEvent | SiteExecutionEvent | ScriptSummaryEvent;
export type DomainEventType = DomainEvent['type'];
export type DataOf<Type extends DomainEventType> = Extract<DomainEvent, { readonly type: Type }>['data'];

/** The data of every message version ever published. A version never leaves this list, and never asks for more than it did. */
export const messageSchemas = {
  ...scheduledScriptSchemas,
  ...siteExecutionSchemas,
  ...scriptSummarySchemas,
} satisfies { readonly [Type in DomainEventType]: z.ZodType<DataOf<Type>> };

export const isDomainEventType = (type: string): type is DomainEventType => Object.hasOwn(messageSchemas, type);
