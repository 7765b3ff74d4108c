import { describe, expect, it } from '@jest/globals';
import { authCodes } from '@scheduled-scripts/auth';
import { explainedProblems, openApiDocument } from '@scheduled-scripts/contracts/openapi';
import { frameworkProblem, platformCodes, serviceEnvironment } from '@scheduled-scripts/platform';
import { z } from 'zod';

const explained = new Map<string, ReturnType<typeof explainedProblems>[number]>(
  explainedProblems().map((problem) => [problem.code, problem]),
);

/**
 * Services make their errors of the contract's own codes, each of which is explained or does not compile. What platform and auth answer by
 * themselves they may not take from there, so that it is compared here; that nobody else writes one by hand is for the lint.
 */
const leading = z.object({ examples: z.record(z.string(), z.object({ value: z.object({ doc_url: z.string() }) })) });

describe('an error of', () => {
  it.each(Object.entries(platformCodes))('the platform, %s, is explained, as a %s', (code, type) => {
    expect(explained.get(code)?.type).toBe(type);
  });

  it.each(Object.entries(authCodes))('whoever looks at tokens, %s, is explained, as a %s', (code, type) => {
    expect(explained.get(code)?.type).toBe(type);
  });

  it.each([400, 401, 403, 404, 408, 413, 414, 415, 417, 431, 500, 503])(
    'the framework, a %i, has a status that its code may have',
    (status) => {
      const told = frameworkProblem(status);
      expect(told.status).toBe(status);
      expect(explained.get(told.code)?.statuses).toContain(status);
    },
  );

  it('the document leads where services do that are told nothing', () => {
    const { examples } = leading.parse(openApiDocument('gateway')['components']);
    const docUrlBase = serviceEnvironment.shape.DOC_URL_BASE.parse(undefined);
    const led = Object.entries(examples).map(([code, { value }]) => [code, value.doc_url]);
    expect(led).toEqual(Object.keys(examples).map((code) => [code, `${docUrlBase}#${code}`]));
    expect(led.length).toBeGreaterThan(35);
  });
});
