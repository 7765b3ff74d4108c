import { z } from 'zod';
import { siteIdInput } from '../identifiers.js';
import { idempotencyKeyHeader, ifMatchHeader, minVersionHeader } from '../header.requests.js';
import { exampleEntityTag, exampleIds } from '../resource-fields.js';

export interface Parameter {
  readonly name: string;
  readonly schema: z.ZodType;
  readonly description: string;
  readonly example?: unknown;
}

/** Headers of requests that mean something to us. None is required. */
export const requestHeaders = {
  'Idempotency-Key': {
    name: 'Idempotency-Key',
    schema: idempotencyKeyHeader,
    description:
      'Makes it safe to send the request again when no answer came: 1 to 255 visible ASCII characters of your choice, kept 24 hours for your ' +
      'user, organization and route. The same body: the stored answer. Another body: 409 `idempotency_key_reused`; the order of fields makes ' +
      'none, a default that is spelled out does. While the first one still runs, the second waits, or is answered 409 ' +
      '`idempotency_key_in_use` with `Retry-After`.',
    example: '5b7c1d5e-0f43-4d0e-9f0b-6c1f6a3f5c11',
  },
  'If-Match': {
    name: 'If-Match',
    schema: ifMatchHeader,
    description:
      'Only if the version is still the one of this ETag, or of one in a list of up to 100, else 412 `revision_mismatch`. The number before ' +
      'the dash counts; what stands behind it does not.',
    example: exampleEntityTag,
  },
  'If-None-Match': {
    name: 'If-None-Match',
    schema: z.string(),
    description: 'An ETag that you hold: 304 without a body if it is still what you would get.',
    example: exampleEntityTag,
  },
  'Min-Version': {
    name: 'Min-Version',
    schema: minVersionHeader.meta({ type: 'integer', minimum: 1, maximum: 999_999_999 }),
    description:
      'A version that you have seen, for example the number in the ETag of your own change. Readers lag behind writers by a moment: with this ' +
      'header the answer waits for that version up to 2 seconds, then it is 503 `projection_behind` with `Retry-After`, never an older state.',
    example: 1,
  },
  'Last-Event-ID': {
    name: 'Last-Event-ID',
    schema: z.string().max(200),
    description: 'The `id` of the last event that you have received: the stream goes on behind it. Browsers send it by themselves.',
  },
} as const satisfies Record<string, Parameter>;

export type HeaderName = keyof typeof requestHeaders;

const uuid = z.string().meta({ format: 'uuid' });

export const pathParameters = {
  scriptId: { name: 'id', schema: uuid, description: 'The scheduled script.', example: exampleIds.script },
  executionId: { name: 'executionId', schema: uuid, description: 'The execution.', example: exampleIds.execution },
  siteId: { name: 'id', schema: siteIdInput(), description: 'The site.', example: exampleIds.site },
  approvalToken: {
    name: 'token',
    schema: z.string().max(1_024),
    description: 'From the link of the mail: single use, for one recipient and one version.',
  },
} as const satisfies Record<string, Parameter>;

export type PathParameter = (typeof pathParameters)[keyof typeof pathParameters];
