import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { fromMessage } from '../messages/index.js';
import { executionLives, scriptLife } from './index.js';

const statistics = () => {
  const seen = new Set<string>();
  const samples = fc.sample(
    scriptLife().chain((life) => fc.tuple(fc.constant(life), executionLives(life))),
    { numRuns: 400, seed: 7 },
  );
  for (const [life, executions] of samples) {
    for (const message of [...life.steps.map((step) => step.message), ...executions.flatMap(({ messages }) => messages)]) {
      const read = fromMessage(message);
      seen.add(read.kind === 'event' ? read.event.type : read.kind);
    }
  }
  return seen;
};

describe('lives at random', () => {
  it('come to every event there is', () => {
    expect([...statistics()].sort()).toEqual(
      [
        'scheduled-script.authorization-requested.v1',
        'scheduled-script.authorized.v1',
        'scheduled-script.cancelled.v1',
        'scheduled-script.created.v1',
        'scheduled-script.launched.v1',
        'scheduled-script.revised.v1',
        'scheduled-script.rollout-aborted.v1',
        'scheduled-script.rollout-completed.v1',
        'scheduled-script.test-requested.v1',
        'script-summary.summarized.v1',
        'site-execution.claimed.v1',
        'site-execution.completed.v1',
        'site-execution.failed.v1',
        'site-execution.issued.v1',
        'site-execution.prepared.v1',
        'site-execution.requested.v1',
        'site-execution.resolved.v1',
      ].sort(),
    );
  });
});
