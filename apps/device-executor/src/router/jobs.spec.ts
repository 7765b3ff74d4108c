import { describe, expect, it } from '@jest/globals';
import { jobOf, jobsOf, someMayBeOurs } from './jobs.js';

const executionId = '0197c9a0-0000-5000-8000-000000000002';
const other = '0197c9a0-0000-5000-8000-000000000003';

const login = jobOf({ '.id': '*1', type: 'api-login', owner: 'automation' });
const bare = jobOf({ '.id': '*2', type: 'command', owner: 'automation' });
const wrapper = jobOf({ '.id': '*3', type: 'command', script: `ax-${executionId}-w`, parent: '*2' });
const script = jobOf({ '.id': '*4', type: 'command', script: `ax-${executionId}` });
const theirs = jobOf({ '.id': '*5', type: 'command', script: 'nightly' });
const ofAnother = jobOf({ '.id': '*6', type: 'command', script: `ax-${other}` });
const all = [login, bare, wrapper, script, theirs, ofAnother];

describe('jobs', () => {
  it('of an execution bear its names', () => {
    expect(jobsOf(all, executionId, null)).toEqual([wrapper, script]);
    expect(jobsOf([login, bare, theirs], executionId, null)).toEqual([]);
  });

  it('of an execution are those of its start command, too', () => {
    expect(jobsOf(all, executionId, '*2')).toEqual([bare, wrapper, script]);
  });

  it('with the id of our start command that cannot be ours are not', () => {
    expect(jobsOf([login], executionId, '*1')).toEqual([]);
    expect(jobsOf([theirs], executionId, '*5')).toEqual([]);
  });

  it('without a name may be ours only where our own id is not known', () => {
    expect(someMayBeOurs(all, null)).toBe(true);
    expect(someMayBeOurs(all, '*2')).toBe(false);
    expect(someMayBeOurs([login, theirs, ofAnother], null)).toBe(false);
  });
});
