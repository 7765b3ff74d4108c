import { describe, expect, it } from '@jest/globals';
import type { ReadEvent } from '@scheduled-scripts/contracts';
import { fact, type ScheduledScriptEvent } from '@scheduled-scripts/domain';
import { at, authorized, created as createdOf, launchAt, launched, plan, user } from '../testing/facts.js';
import { applyScriptEvent, type ScriptRow } from './script-row.js';

const scriptId = '0199a1b2-0000-7000-8000-000000000001';
const cause = { organizationId: 'org_1', correlationId: 'correlation', causationId: 'event-5' };

const created = createdOf(scriptId);
const revised = fact('scheduled-script.revised.v1', user, { ...plan, launchAt: at, sites: plan.sites.slice(1) });
const cancelled = fact('scheduled-script.cancelled.v1', user, { reason: 'requested' });
const tested = fact('scheduled-script.test-requested.v1', user, { siteId: 'site_0000000000000009', number: 3, windowEndsAt: launchAt });
const aborted = fact('scheduled-script.rollout-aborted.v1', user, {});
const completed = fact('scheduled-script.rollout-completed.v1', user, { completed: 2, failed: 0, failedSites: [] });
const asked = fact('scheduled-script.authorization-requested.v1', user, {
  authorizationId: 'request-1',
  version: 1,
  approvers: [],
  informed: [],
  unknown: [],
});

const read = (event: ScheduledScriptEvent, revision: number): ReadEvent => ({
  kind: 'event',
  key: scriptId,
  event,
  id: 'event-5',
  stream: `scheduledScript-${scriptId}`,
  revision,
  organizationId: 'org_1',
  actor: event.by,
  at: event.at,
  correlationId: 'correlation',
  causationId: 'cause',
  traceparent: undefined,
});
const row = (phase: ScriptRow['phase']): ScriptRow => ({ revision: 4, launchAt, sites: 2, phase });
const apply = (before: ScriptRow | undefined, event: ScheduledScriptEvent, revision = 5) =>
  applyScriptEvent(before, scriptId, read(event, revision), event);
const work = (id: string, what: object) => ({ id, lane: scriptId, dueAt: at, payload: { ...cause, work: what } });

describe('what the launcher knows of a script', () => {
  it('begins with its creation, when nothing is due', () => {
    expect(apply(undefined, created, 0)).toEqual({ row: { ...row('unauthorized'), revision: 0 }, work: [] });
  });

  it('cannot begin with anything else', () => {
    expect(() => apply(undefined, authorized)).toThrow('creation');
  });

  it.each([
    ['is due at its time once authorized', 'unauthorized', authorized, 'scheduled'],
    ['is due no more once revised', 'scheduled', revised, 'unauthorized'],
    ['is due no more once cancelled', 'scheduled', cancelled, 'cancelled'],
    ['is due no more once launched', 'scheduled', launched, 'launched'],
  ] as const)('%s', (_, before, event, phase) => {
    const due = phase === 'scheduled' ? { id: scriptId, lane: null, dueAt: launchAt, payload: cause } : null;
    expect(apply(row(before), event)).toMatchObject({ row: { phase, revision: 5 }, due });
  });

  it('takes over the time and the number of sites of a revision', () => {
    expect(apply(row('scheduled'), revised)?.row).toEqual({ revision: 5, launchAt: at, sites: 1, phase: 'unauthorized' });
  });

  it.each([
    ['a request for authorization', asked],
    ['a request for a test', tested],
    ['an abort', aborted],
    ['a completion', completed],
  ])('is not due any differently after %s', (_, event) => {
    expect(apply(row('scheduled'), event)).not.toHaveProperty('due');
  });

  it.each([
    ['a launch asks for the executions', launched, work(`request:${scriptId}`, { kind: 'request' })],
    [
      'a test has its number and the revision at which it was asked for',
      tested,
      work(`test:${scriptId}:3`, { kind: 'test', number: 3, revision: 5 }),
    ],
    ['an abort withdraws them', aborted, work(`abort:${scriptId}`, { kind: 'abort' })],
  ])('%s', (_, event, expected) => {
    expect(apply(row('scheduled'), event)?.work).toEqual([expected]);
  });

  it('is not changed by a repeat', () => {
    expect(apply(row('scheduled'), cancelled, 4)).toBeNull();
    expect(apply(row('scheduled'), created, 0)).toBeNull();
  });
});
