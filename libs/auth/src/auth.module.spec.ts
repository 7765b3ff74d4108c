import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Post } from '@nestjs/common';
import { Caller, Public, RequireScope } from './access.decorators.js';
import type { Issuer } from './issuer/index.js';
import { author, startApp, testIssuer, type TestApp } from './testing/fixture.js';

@Controller('scripts')
class ScriptsController {
  @Get()
  @RequireScope('script:view')
  list(@Caller() caller: Caller): Caller {
    return caller;
  }

  @Post()
  @RequireScope('script:create', 'script:view')
  create(@Body() body: unknown): unknown {
    return body;
  }

  @Get('open')
  @Public()
  open(): { open: boolean } {
    return { open: true };
  }
}

@RequireScope('site:manage')
@Controller('sites')
class SitesController {
  @Get()
  list(): readonly string[] {
    return [];
  }
}

@Controller('forgotten')
class ForgottenController {
  @Get()
  list(): string {
    return 'everything';
  }
}

describe('an application with the module', () => {
  let issuer: Issuer;
  let app: TestApp;

  beforeAll(async () => {
    issuer = await testIssuer();
    app = await startApp(ScriptsController, { issuer: issuer.url, audience: issuer.audience, jwksUri: issuer.jwksUri });
  });

  afterAll(async () => {
    await app.stop();
    await issuer.stop();
  });

  const send = async (path: string, authorization?: string, init: RequestInit = {}) => {
    const type = init.method === undefined ? {} : { 'content-type': 'application/json' };
    const headers = { ...type, ...(authorization === undefined ? {} : { authorization }) };
    const response = await fetch(`${app.url}${path}`, { ...init, headers });
    return { status: response.status, challenge: response.headers.get('www-authenticate'), body: await response.json() };
  };
  const bearer = async (scopes: readonly string[] = author.scopes) => `Bearer ${await issuer.issueToken({ ...author, scopes })}`;

  it('tells a handler who calls', async () => {
    const token = await bearer();
    const { status, body } = await send('/scripts', token);
    const { exp } = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as { exp: number };
    const expiresAt = exp * 1_000;
    expect({ status, body }).toEqual({
      status: 200,
      body: { sub: 'auth0|author', organizationId: 'org_demo', scopes: ['script:view', 'script:create'], expiresAt },
    });
  });

  it.each([
    ['no header', undefined],
    ['an empty one', ''],
    ['another scheme', 'Basic dXNlcjpwYXNz'],
  ])('asks for a token: %s', async (_name, authorization) => {
    expect(await send('/scripts', authorization)).toEqual({ status: 401, challenge: 'Bearer', body: { code: 'token_missing' } });
  });

  it('refuses two headers, whatever is in them', async () => {
    const good = await bearer();
    for (const pair of [
      [good, good],
      [good, 'Bearer nonsense'],
      ['Bearer nonsense', good],
    ]) {
      const sent = request(`${app.url}/scripts`);
      sent.setHeader('authorization', pair);
      const [answer] = (await once(sent.end(), 'response')) as [IncomingMessage];
      expect([answer.statusCode, await text(answer)]).toEqual([401, '{"code":"token_invalid"}']);
    }
  });

  it('takes the scheme in any case', async () => {
    expect((await send('/scripts', (await bearer()).replace('Bearer', 'bEARER'))).status).toBe(200);
  });

  it('leaves a public route open, whatever the header says', async () => {
    expect((await send('/scripts/open')).status).toBe(200);
    expect((await send('/scripts/open', 'Bearer nonsense')).status).toBe(200);
  });

  it('names the scopes that a token lacks', async () => {
    expect(await send('/scripts', await bearer(['site:view']))).toEqual({
      status: 403,
      challenge: 'Bearer error="insufficient_scope", scope="script:view"',
      body: { code: 'scope_missing' },
    });
    const post = { method: 'POST', body: '{}' };
    expect((await send('/scripts', await bearer(['script:view']), post)).challenge).toContain('scope="script:create"');
    expect((await send('/scripts', await bearer(), post)).status).toBe(201);
  });

  it('refuses an unknown token before it reads the body, and a scope after it', async () => {
    const malformed = { method: 'POST', body: '{"half":' };
    expect((await send('/scripts', undefined, malformed)).status).toBe(401);
    expect((await send('/scripts', 'Bearer nonsense', malformed)).status).toBe(401);
    expect((await send('/scripts', await bearer([]), malformed)).status).toBe(400);
    expect((await send('/scripts', await bearer([]), { method: 'POST', body: '{}' })).status).toBe(403);
  });

  it('does not ask for a token where there is no route', async () => {
    expect((await send('/nothing')).status).toBe(404);
  });
});

it('takes a scope of the whole controller', async () => {
  const issuer = await testIssuer();
  const app = await startApp(SitesController, { issuer: issuer.url, audience: issuer.audience, jwksUri: issuer.jwksUri });
  const statusFor = async (scopes: readonly string[]) => {
    const headers = { authorization: `Bearer ${await issuer.issueToken({ ...author, scopes })}` };
    return (await fetch(`${app.url}/sites`, { headers })).status;
  };
  expect([await statusFor(['site:manage']), await statusFor(['site:view'])]).toEqual([200, 403]);
  await app.stop();
  await issuer.stop();
});

it('does not start with a route that says nothing of its access', async () => {
  const options = { issuer: 'http://127.0.0.1', audience: 'a', jwksUri: 'http://127.0.0.1:1/jwks' };
  await expect(startApp(ForgottenController, options)).rejects.toThrow('ForgottenController.list');
});
