// What happened at two sites in two nights, as it is published.
import { toMessage } from '@scheduled-scripts/contracts';

const metadata = { organizationId: 'org_1', actor: 'service:device-executor', correlationId: 'c', causationId: 'c' };

/** One execution after another, each a history of its own, two of them at one site. */
const history = (number, siteId, events) => {
  const executionId = `0199ed30-0000-7000-8000-${String(number).padStart(12, '0')}`;
  const ref = { executionId, scriptId: '0199ed2f-8a31-7c20-9b1e-3f5b6c7d8e90', siteId, kind: 'rollout' };
  return events.map(([type, data], revision) =>
    toMessage({
      id: `0199ed31-0000-7000-8000-${String(number * 100 + revision).padStart(12, '0')}`,
      stream: `siteExecution-${executionId}`,
      revision,
      type: `site-execution.${type}`,
      data: { ...ref, ...data },
      metadata: { ...metadata, at: `2026-03-01T02:00:0${revision}.000000Z` },
    }),
  );
};

export const berlin = 'site_Berlin00Rooftop01';
export const potsdam = 'site_Potsdam0Depot0002';
export const firstNight = [
  ...history(1, berlin, [
    ['claimed.v1', { owner: 'executor-1' }],
    ['teleported.v9', { newer: ['than', 'any', 'reader'] }],
    ['completed.v1'],
  ]),
  ...history(2, potsdam, [
    ['claimed.v1', { owner: 'executor-1' }],
    ['failed.v1', { reason: 'outcome_unknown', message: null }],
    ['resolved.v1', { outcome: 'completed' }],
  ]),
];
/** A sender that was replaced wakes late and says this again; the last of it is an outcome that has been corrected since. */
export const lateRepeat = firstNight.slice(0, -1);
export const secondNight = [
  ...history(3, potsdam, [['failed.v1', { reason: 'offline', message: 'no route, "to", host' }]]),
  ...history(4, berlin, [['completed.v1']]),
];
