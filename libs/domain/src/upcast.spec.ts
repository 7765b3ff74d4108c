import { describe, expect, it } from '@jest/globals';
import { fold } from './decider.js';
import { scheduledScriptDecider } from './scheduled-script/scheduled-script.decider.js';
import { siteExecutionDecider } from './site-execution/site-execution.decider.js';
import { historyOf } from './testing/executions.js';
import { past, pastOf } from './testing/scripts.js';
import { type StoredEvent, upcastScheduledScriptEvent, upcastScriptSummaryEvent, upcastSiteExecutionEvent } from './upcast.js';

interface Told {
  readonly type: string;
  readonly at: string;
  readonly by: string;
  readonly data: object;
}

/** As a store gives it back: through JSON, with more metadata than the domain asks for. */
const stored = ({ type, at, by, data }: Told): StoredEvent => {
  const metadata = { at, actor: by, correlationId: 'request-1', organizationId: 'org_1' };
  return JSON.parse(JSON.stringify({ type, data, metadata })) as StoredEvent;
};

describe('stored events', () => {
  it('come back as the facts they were', () => {
    const script = [...pastOf.launched, past.revised(), past.authorizationRequested(), past.cancelled(), past.testRequested()];
    for (const event of [...script, past.rolloutAborted(), past.rolloutCompleted()]) {
      expect(upcastScheduledScriptEvent(stored(event))).toEqual(event);
    }
    for (const event of [...historyOf.completed, ...historyOf.unknown]) expect(upcastSiteExecutionEvent(stored(event))).toEqual(event);
    const summary = { type: 'script-summary.summarized.v1', at: '2026-03-01T12:00:00.000000Z', by: 'service:x', data: { summary: 's' } };
    expect(upcastScriptSummaryEvent(stored(summary))).toEqual(summary);
  });

  it('fold to the same state', () => {
    const told = pastOf.launched.flatMap((event) => upcastScheduledScriptEvent(stored(event)) ?? []);
    expect(fold(scheduledScriptDecider.evolve, null, told)).toEqual(fold(scheduledScriptDecider.evolve, null, pastOf.launched));
    const ran = historyOf.completed.flatMap((event) => upcastSiteExecutionEvent(stored(event)) ?? []);
    expect(fold(siteExecutionDecider.evolve, null, ran)).toEqual(fold(siteExecutionDecider.evolve, null, historyOf.completed));
  });

  it('of a type that is not known are none', () => {
    for (const type of ['scheduled-script.created.v9', 'site-execution.requested.v1', 'toString', '']) {
      expect(upcastScheduledScriptEvent(stored({ ...past.created(), type }))).toBeNull();
    }
    expect(upcastSiteExecutionEvent(stored(past.created()))).toBeNull();
  });

  it('without a proper time are refused', () => {
    expect(() => upcastScheduledScriptEvent(stored({ ...past.created(), at: 'yesterday' }))).toThrow(RangeError);
  });
});
