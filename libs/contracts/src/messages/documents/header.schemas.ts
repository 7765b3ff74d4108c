import { sequenceForm, source } from '../envelope.js';
import type { JsonObject } from '../../json.js';

const named = (description: string, more: JsonObject = {}): JsonObject => ({ description, type: 'string', minLength: 1, ...more });

const properties: JsonObject = {
  ce_specversion: { description: 'CloudEvents 1.0, Kafka protocol binding, binary mode.', type: 'string', const: '1.0' },
  ce_id: named('The event. The same in every repeat of the message.', { format: 'uuid' }),
  ce_type: named('What happened, and in which version. A type that a consumer does not know is to be skipped.'),
  ce_source: { description: 'Who says so: always the same.', type: 'string', const: source },
  ce_subject: named('The history that the event belongs to: one for each script, each summary of a script, and each execution.'),
  ce_sequence: {
    description:
      'The place of the event in the history that ce_subject names: from 0, without gaps, padded so that it compares as text and as a ' +
      'number. A message whose ce_sequence is not greater than the last one seen of its ce_subject is a repeat.',
    type: 'string',
    pattern: sequenceForm.source,
  },
  ce_time: named('When it was decided, in UTC with microseconds.', { format: 'date-time' }),
  ce_organizationid: named('The organization that it happened in.'),
  ce_actor: named('Who caused it: a user (the `sub` of their token), or `service:<name>`.'),
  ce_correlationid: named('The same for all that followed from one request.'),
  ce_causationid: named('The event, or the request, that this one followed from.'),
  'content-type': { description: 'Of the value.', type: 'string', const: 'application/json' },
  traceparent: named('W3C trace context of the request, where there was one.'),
};

/** The headers of every message. */
export const headersSchema: JsonObject = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'CloudEvents headers',
  description: 'The same for every message. More of them may come: ignore what you do not know.',
  type: 'object',
  properties,
  required: Object.keys(properties).filter((name) => name !== 'traceparent'),
};
