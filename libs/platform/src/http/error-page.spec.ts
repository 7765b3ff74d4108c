import { Controller, Get, Module, Post } from '@nestjs/common';
import { afterEach, describe, expect, it } from '@jest/globals';
import type { RunningService } from '../service.js';
import { definitionOf, recordingLogger, startTest } from '../testing/fixture.js';
import { ErrorPage, type ErrorPageOf } from './error-page.decorator.js';

const secret = 'hunter2-token';

const pageOf: ErrorPageOf = ({ status, code }, requestId) => ({
  html: `<p>${status} ${code} ${requestId}</p>`,
  headers: { 'Content-Security-Policy': "default-src 'none'" },
});

@Controller('doors')
class DoorsController {
  @Get(':token')
  @ErrorPage(pageOf)
  open(): never {
    throw new Error('the door is stuck');
  }

  @Post(':token')
  @ErrorPage(pageOf)
  knock(): string {
    return '';
  }
}

@Module({ controllers: [DoorsController] })
class DoorsModule {}

describe('a route for people', () => {
  let service: RunningService;
  const recorded = recordingLogger();

  afterEach(() => service.stop());

  const ask = async (method: string, init: RequestInit = {}) => {
    const answer = await fetch(`${service.url}/doors/${secret}`, { method, ...init });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  };

  it('tells whatever goes wrong as a page, whoever finds it', async () => {
    service = await startTest(definitionOf(DoorsModule), {}, recorded.logger);
    const bug = await ask('GET', { headers: { 'Request-Id': 'r-1' } });
    expect(bug).toMatchObject({ status: 500, text: '<p>500 internal_server_error r-1</p>' });
    expect(bug.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(bug.headers.get('content-security-policy')).toBe("default-src 'none'");
    expect(bug.headers.get('cache-control')).toBe('no-store');
    expect((await ask('POST', { body: 'a=b', headers: { 'content-type': 'text/plain' } })).text).toContain('415 unsupported_media_type');
    expect((await ask('POST', { body: '{"a":1}', headers: { 'content-type': 'application/json' } })).text).toContain(
      '400 parameter_unknown',
    );
    expect(await ask('PUT')).toMatchObject({ status: 405, text: expect.stringContaining('"method_not_allowed"') });
  });

  it.each([
    ['that cannot be decoded', '%zz', '400 malformed_request'],
    ['of which a half is left', 'hunter2%2', '400 malformed_request'],
    ['that is too long', 'x'.repeat(3_000), '414 url_too_long'],
  ])('tells of a link %s as a page, by the methods that it serves', async (_what, token, text) => {
    service = await startTest(definitionOf(DoorsModule), {}, recorded.logger);
    const follow = (method: string) => fetch(`${service.url}/doors/${token}?from=mail`, { method, headers: { 'Request-Id': 'r-1' } });
    for (const method of ['GET', 'POST']) {
      const answer = await follow(method);
      expect([answer.status, await answer.text()]).toEqual([Number(text.slice(0, 3)), `<p>${text} r-1</p>`]);
      expect(Object.fromEntries(answer.headers)).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': "default-src 'none'",
        'cache-control': 'no-store',
        'request-id': 'r-1',
        'x-content-type-options': 'nosniff',
      });
    }
    expect((await follow('PUT')).headers.get('content-type')).toMatch(/json/);
    expect((await fetch(`${service.url}/windows/${token}`)).headers.get('content-type')).toMatch(/json/);
  });

  it('tells of the limit as a page, with when to come again, and logs no parameter that is a token', async () => {
    service = await startTest(definitionOf(DoorsModule), { RATE_LIMIT_PER_SECOND: '1' }, recorded.logger);
    const answers = await Promise.all(Array.from({ length: 30 }, () => ask('POST')));
    const refused = answers.find(({ status }) => status === 429);
    expect(refused?.text).toContain('429 too_many_requests');
    expect(refused?.headers.get('retry-after')).toMatch(/^\d+$/);
    expect(recorded.lines().some(({ route }) => route === '/doors/:token')).toBe(true);
    expect(recorded.text()).not.toContain(secret);
  });
});
