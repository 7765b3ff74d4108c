import { expect, it } from '@jest/globals';
import { causeOf, parseCause } from './cause.js';
import { fromMessage, toMessage } from './event-message.js';

const stored = {
  id: '0197c9a0-0000-7000-8000-000000000001',
  stream: 'siteExecution-0197c9a0-0000-5000-8000-000000000002',
  revision: 1,
  type: 'site-execution.claimed.v1',
  data: {
    executionId: '0197c9a0-0000-5000-8000-000000000002',
    scriptId: '0197c9a0-0000-7000-8000-000000000003',
    siteId: 'site_0000000000000001',
    kind: 'rollout',
    owner: 'one',
  },
  metadata: { organizationId: 'org_1', actor: 'service:x', at: '2026-03-01T02:00:00.000000Z', correlationId: 'c', causationId: 'b' },
};

const read = (metadata: typeof stored.metadata & { readonly traceparent?: string }) => {
  const event = fromMessage(toMessage({ ...stored, metadata }));
  if (event.kind === 'unknown') throw new Error('the type is known');
  return event;
};

it('is the event that a row of work follows from, in its conversation', () => {
  expect(causeOf(read(stored.metadata))).toEqual({ organizationId: 'org_1', correlationId: 'c', causationId: stored.id });
});

it('comes back from the payload of a row, whatever else that holds', () => {
  const traced = causeOf(read({ ...stored.metadata, traceparent: '00-0a-0b-01' }));
  expect(traced.traceparent).toBe('00-0a-0b-01');
  expect(parseCause(JSON.parse(JSON.stringify({ ...traced, work: 'due' })))).toEqual(traced);
  expect(() => parseCause({ organizationId: 'org_1' })).toThrow('correlationId');
});
