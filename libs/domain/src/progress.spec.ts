import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { type ExecutionState, executionStateOf, progressOf } from './progress.js';

const rollout = (siteId: string, state: ExecutionState) => ({ siteId, kind: 'rollout', state }) as const;

describe('progress', () => {
  it('is nothing before launch, and after a cancel', () => {
    for (const status of ['unauthorized', 'scheduled', 'cancelled'] as const) {
      expect(progressOf({ status, sites: ['a', 'b'] }, [rollout('a', 'completed')])).toEqual({ completed: [], failed: [], pending: [] });
    }
  });

  it('begins with every site pending', () => {
    expect(progressOf({ status: 'launched', sites: ['b', 'a'] }, [])).toEqual({ completed: [], failed: [], pending: ['b', 'a'] });
  });

  it('sorts the sites by their executions, in the order of the script', () => {
    const executions = [rollout('e', 'completed'), rollout('a', 'running'), rollout('c', 'failed'), rollout('b', 'completed')];
    expect(progressOf({ status: 'launched', sites: ['e', 'd', 'c', 'b', 'a'] }, executions)).toEqual({
      completed: ['e', 'b'],
      failed: ['c'],
      pending: ['d', 'a'],
    });
  });

  it('does not count tests, nor sites of others', () => {
    const executions = [{ siteId: 'a', kind: 'test', state: 'failed' } as const, rollout('z', 'completed')];
    expect(progressOf({ status: 'launched', sites: ['a'] }, executions)).toEqual({ completed: [], failed: [], pending: ['a'] });
  });

  it('is disjoint and complete, whatever has happened', () => {
    const site = fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f');
    const execution = fc.record({
      siteId: site,
      kind: fc.constantFrom('rollout', 'test'),
      state: fc.constantFrom('pending', 'running', 'completed', 'failed'),
    });
    fc.assert(
      fc.property(fc.uniqueArray(site), fc.array(execution), (sites, executions) => {
        const { completed, failed, pending } = progressOf({ status: 'launched', sites }, executions);
        const all = [...completed, ...failed, ...pending];
        expect(all.toSorted()).toEqual(sites.toSorted());
        for (const list of [completed, failed, pending]) expect(list).toEqual(sites.filter((id) => list.includes(id)));
      }),
    );
  });
});

it('calls an execution running once it was issued', () => {
  const phases = ['requested', 'claimed', 'prepared', 'issued', 'completed', 'failed'] as const;
  expect(phases.map(executionStateOf)).toEqual(['pending', 'pending', 'pending', 'running', 'completed', 'failed']);
});
