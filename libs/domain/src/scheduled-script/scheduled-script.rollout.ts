import { accept, fact, reject } from '../decider.js';
import type { Decided, On } from './scheduled-script.decision.js';
import type { FailedSite } from './scheduled-script.events.js';
import type { ScheduledScript } from './scheduled-script.state.js';

export const abortRollout = (command: On<'abort-rollout'>, script: ScheduledScript): Decided => {
  if (script.rolloutAborted) return accept();
  if (script.status !== 'launched') return reject({ code: 'not_abortable', status: script.status });
  if (script.rolloutCompleted) return reject({ code: 'not_abortable', status: 'completed' });
  return accept(fact('scheduled-script.rollout-aborted.v1', command, {}));
};

export const completeRollout = (command: On<'complete-rollout'>, script: ScheduledScript): Decided => {
  if (script.status !== 'launched') return reject({ code: 'not_launchable', status: script.status });
  const { completed, failedSites } = command;
  if (script.rolloutResult === null) {
    const result = { completed, failed: failedSites.length, failedSites };
    return accept(fact('scheduled-script.rollout-completed.v1', command, result));
  }
  const same = script.rolloutResult.completed === completed && sameSites(script.rolloutResult.failedSites, failedSites);
  return same ? accept() : reject({ code: 'rollout_already_completed' });
};

const sameSites = (some: readonly FailedSite[], others: readonly FailedSite[]): boolean => inOrder(some) === inOrder(others);

const inOrder = (sites: readonly FailedSite[]): string =>
  sites
    .map(({ siteId, reason }) => `${siteId} ${reason}`)
    .sort()
    .join();
