import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCommandApi, type TestApi } from './testing/command-api.fixture.js';

const script = '/scripts/scheduled/0198f1c2-7f3e-7b2a-9c31-3f1d2b4a5c6d';

describe('a method that nobody serves', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });

  afterAll(() => api.stop());

  // The gateway sends here what is no read, also where only query-api knows the path.
  it.each([
    ['PATCH', '/scripts/scheduled', 'GET, HEAD, POST'],
    ['PATCH', script, 'DELETE, GET, HEAD, PUT'],
    ['POST', `${script}/progress`, 'GET, HEAD'],
    ['DELETE', `${script}/executions`, 'GET, HEAD'],
    ['PUT', `${script}/executions/1/backup`, 'GET, HEAD'],
    ['POST', `${script}/history`, 'GET, HEAD'],
    ['POST', `${script}/events`, 'GET, HEAD'],
  ])('is answered with those that there are: %s %s', async (method, path, allowed) => {
    const answer = await api.call(method, path);
    expect(answer).toMatchObject({ status: 405, json: { type: 'not_found_error', code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')).toBe(allowed);
  });

  it('is told from a path that is nowhere', async () => {
    expect(await api.call('POST', `${script}/nothing`)).toMatchObject({ status: 404, json: { code: 'route_not_found' } });
  });
});
