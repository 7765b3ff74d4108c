import { describe, expect, it } from '@jest/globals';
import { rolloutExecutionId, testExecutionId } from './execution-id.js';

const scriptId = '0199a1b2-0000-7000-8000-000000000001';
const siteId = 'site_0000000000000001';

describe('the id of an execution', () => {
  // Stored events hold such ids: one that comes out differently would run a script twice.
  it('is for ever the same', () => {
    expect(rolloutExecutionId(scriptId, siteId)).toBe('3ca54776-5a3b-53bf-9f54-0c2b3f6f5170');
    expect(testExecutionId(scriptId, 1, siteId)).toBe('c5924ca2-6f2d-5469-8f50-ba6b4934e10b');
    expect(testExecutionId(scriptId, 2, siteId)).toBe('b8d99305-451f-55ed-a9e4-ef46bb7b6b06');
  });

  it('differs by script, site, kind and number of the test', () => {
    const other = '0199a1b2-0000-7000-8000-000000000002';
    const ids = [
      rolloutExecutionId(scriptId, siteId),
      rolloutExecutionId(other, siteId),
      rolloutExecutionId(scriptId, 'site_0000000000000002'),
      testExecutionId(scriptId, 1, siteId),
      testExecutionId(scriptId, 11, siteId),
      testExecutionId(other, 1, siteId),
    ];
    expect(new Set(ids).size).toBe(ids.length);
  });
});
