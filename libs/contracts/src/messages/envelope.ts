import { asTimestamp, type Timestamp } from '@scheduled-scripts/domain';
import { MalformedMessage } from './malformed-message.js';

/** What every message says about its event, beside the data. */
export interface Envelope {
  /** The event's id, the same in every repeat. */
  readonly id: string;
  readonly stream: string;
  /** Within its stream, from 0, without gaps: a repeat is recognised by stream and revision. */
  readonly revision: number;
  readonly organizationId: string;
  readonly actor: string;
  readonly at: Timestamp;
  readonly correlationId: string;
  readonly causationId: string;
  readonly traceparent?: string | undefined;
}

/** CloudEvents' `source`: with the id it is unique in the world. */
export const source = '/scheduled-scripts';

/** CloudEvents wants sequences that compare as text. Sixteen digits hold any safe integer. */
export const sequenceForm = /^\d{16}$/;

type Headers = Readonly<Record<string, string>>;

/** CloudEvents 1.0, Kafka protocol binding, binary mode: attributes are headers, the data is the value. */
export const writeHeaders = (type: string, envelope: Omit<Envelope, 'at'> & { readonly at: string }): Headers => ({
  ce_specversion: '1.0',
  ce_id: envelope.id,
  ce_type: type,
  ce_source: source,
  ce_subject: envelope.stream,
  ce_time: envelope.at,
  ce_organizationid: envelope.organizationId,
  ce_sequence: String(envelope.revision).padStart(16, '0'),
  ce_correlationid: envelope.correlationId,
  ce_causationid: envelope.causationId,
  ce_actor: envelope.actor,
  'content-type': 'application/json',
  ...(envelope.traceparent === undefined ? {} : { traceparent: envelope.traceparent }),
});

export const requiredHeader = (headers: Headers, name: string): string => {
  const value = headers[name];
  if (value === undefined || value === '') throw new MalformedMessage('header_missing', name);
  return value;
};

const timeOf = (headers: Headers): Timestamp => {
  try {
    return asTimestamp(requiredHeader(headers, 'ce_time'));
  } catch (error) {
    if (error instanceof RangeError) throw new MalformedMessage('header_invalid', 'ce_time');
    throw error;
  }
};

const sequenceOf = (headers: Headers): number => {
  const text = requiredHeader(headers, 'ce_sequence');
  const sequence = sequenceForm.test(text) ? Number(text) : NaN;
  if (!Number.isSafeInteger(sequence)) throw new MalformedMessage('header_invalid', 'ce_sequence');
  return sequence;
};

export const readEnvelope = (headers: Headers): Envelope => {
  if (requiredHeader(headers, 'ce_specversion') !== '1.0') throw new MalformedMessage('header_invalid', 'ce_specversion');
  if (requiredHeader(headers, 'ce_source') !== source) throw new MalformedMessage('header_invalid', 'ce_source');
  return {
    id: requiredHeader(headers, 'ce_id'),
    stream: requiredHeader(headers, 'ce_subject'),
    revision: sequenceOf(headers),
    organizationId: requiredHeader(headers, 'ce_organizationid'),
    actor: requiredHeader(headers, 'ce_actor'),
    at: timeOf(headers),
    correlationId: requiredHeader(headers, 'ce_correlationid'),
    causationId: requiredHeader(headers, 'ce_causationid'),
    traceparent: headers['traceparent'],
  };
};
