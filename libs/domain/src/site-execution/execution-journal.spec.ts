import { expect, it } from '@jest/globals';
import { fold } from '../decider.js';
import { historyOf } from '../testing/executions.js';
import { issuedJournal, scriptTimeoutMillis } from '../testing/observations.js';
import { journalOf } from './execution-journal.js';
import { evolveSiteExecution } from './site-execution.evolve.js';

const journalAfter = (events: (typeof historyOf)[keyof typeof historyOf]) => {
  const execution = fold(evolveSiteExecution, null, events);
  return execution && journalOf(execution, scriptTimeoutMillis);
};

it('reads its journal from the folded stream', () => {
  expect(journalAfter(historyOf.issued)).toEqual(issuedJournal);
  expect(journalAfter(historyOf.claimed)).toEqual({ ...issuedJournal, prepared: false, issued: null });
  expect(journalAfter(historyOf.unknown)?.outcome).toBe('unknown');
  for (const phase of ['completed', 'failed', 'aborted'] as const) expect(journalAfter(historyOf[phase])?.outcome).toBe('known');
});
