import { describe, expect, it } from '@jest/globals';
import { problem, problemOf, projectionBehind, unknownSites } from './problem.js';

describe('problems', () => {
  it('tells a rejected command what stands in its way', () => {
    expect(problemOf({ code: 'revision_mismatch', version: 4 })).toEqual({
      status: 412,
      type: 'conflict_error',
      code: 'revision_mismatch',
      message: 'The script has changed: it stands at version 4.',
      param: 'If-Match',
    });
    expect(problemOf({ code: 'not_authorizable', status: 'scheduled' })).toMatchObject({
      status: 409,
      message: expect.stringContaining('scheduled'),
    });
    expect(problemOf({ code: 'launch_at_in_past' })).toMatchObject({ status: 422, param: 'launch_at' });
    expect(problemOf({ code: 'self_authorization_forbidden' })).toMatchObject({ status: 403, type: 'permission_error' });
    expect(problemOf({ code: 'script_not_found' })).toMatchObject({ status: 404, type: 'not_found_error' });
  });

  it('names each unknown site and where it stands', () => {
    const told = unknownSites([
      { param: 'sites[3]', siteId: 'site_a' },
      { param: 'test_site_id', siteId: 'site_b' },
    ]);
    expect(told).toMatchObject({ status: 422, code: 'unknown_site', param: 'sites[3]', message: expect.stringContaining('site_a') });
    expect(told.errors).toHaveLength(2);
  });

  it('says when to come back', () => {
    expect(projectionBehind().headers).toEqual({ 'Retry-After': '1' });
    expect(problem('too_many_requests', { headers: { 'Retry-After': '2' } })).toMatchObject({
      status: 429,
      headers: { 'Retry-After': '2' },
    });
  });
});
