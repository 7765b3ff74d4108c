import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { Controller, Get } from '@nestjs/common';
import { describe, expect, it } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader } from 'jose';
import { Caller, RequireScope } from '../access.decorators.js';
import { author, startApp, temporaryFile, testIssuer } from '../testing/fixture.js';

@Controller('me')
class MeController {
  @Get()
  @RequireScope('script:view')
  me(@Caller() caller: Caller): Caller {
    return caller;
  }
}

const modeOf = (file: string): string => (statSync(file).mode & 0o777).toString(8);

describe('the embedded issuer', () => {
  it('says where its keys are, and shows nothing private', async () => {
    const issuer = await testIssuer();
    const configuration = await (await fetch(`${issuer.url}/.well-known/openid-configuration`)).json();
    expect(configuration).toMatchObject({ issuer: issuer.url, jwks_uri: issuer.jwksUri });
    const { keys } = (await (await fetch(issuer.jwksUri)).json()) as { keys: readonly Record<string, unknown>[] };
    expect(keys.map((key) => Object.keys(key).sort())).toEqual([['alg', 'crv', 'kid', 'kty', 'use', 'x', 'y']]);
    expect((await fetch(`${issuer.url}/`)).status).toBe(404);
    expect((await fetch(issuer.jwksUri, { method: 'POST' })).status).toBe(404);
    await issuer.stop();
  });

  it('issues tokens that say what was asked for', async () => {
    const issuer = await testIssuer({ algorithm: 'RS256', audience: 'mine' });
    const token = await issuer.issueToken(author);
    expect(decodeProtectedHeader(token)).toMatchObject({ alg: 'RS256', typ: 'at+jwt' });
    const { iss, aud, sub, org_id: organizationId, scope, iat = 0, exp = 0 } = decodeJwt(token);
    expect({ iss, aud, sub, organizationId, scope, lifetime: exp - iat }).toEqual({
      iss: issuer.url,
      aud: 'mine',
      sub: author.sub,
      organizationId: author.organizationId,
      scope: 'script:view script:create',
      lifetime: 60,
    });
    await issuer.stop();
  });

  it('keeps its keys in a file that only its owner reads', async () => {
    const keyFile = temporaryFile();
    const first = await testIssuer({ keyFile });
    expect(modeOf(keyFile)).toBe('600');
    const token = await first.issueToken(author);
    await first.stop();
    chmodSync(keyFile, 0o644);
    const second = await testIssuer({ keyFile });
    expect(modeOf(keyFile)).toBe('600');
    expect(decodeProtectedHeader(await second.issueToken(author)).kid).toBe(decodeProtectedHeader(token).kid);
    await second.stop();
  });

  it('does not start on a file without keys, and leaves it as it is', async () => {
    const keyFile = temporaryFile();
    writeFileSync(keyFile, '{"keys":[]}');
    await expect(testIssuer({ keyFile })).rejects.toThrow('holds no keys');
    expect(readFileSync(keyFile, 'utf8')).toBe('{"keys":[]}');
  });

  it('does not start in production', async () => {
    const keyFile = temporaryFile();
    await expect(testIssuer({ keyFile, nodeEnv: 'production' })).rejects.toThrow('NODE_ENV=production');
  });

  it('says when its port is taken', async () => {
    const issuer = await testIssuer();
    await expect(testIssuer({ port: Number(new URL(issuer.url).port) })).rejects.toMatchObject({ code: 'EADDRINUSE' });
    await issuer.stop();
  });

  it('rotates without one refused request, before and after it is down', async () => {
    const issuer = await testIssuer();
    const app = await startApp(MeController, { issuer: issuer.url, audience: issuer.audience, jwksUri: issuer.jwksUri });
    const statusOf = async (token: string) => (await fetch(`${app.url}/me`, { headers: { authorization: `Bearer ${token}` } })).status;
    const before = await issuer.issueToken(author);
    expect(await statusOf(before)).toBe(200);
    await issuer.rotate();
    const after = await issuer.issueToken(author);
    const statuses = await Promise.all(Array.from({ length: 40 }, (_, i) => statusOf(i % 2 === 0 ? before : after)));
    expect(new Set(statuses)).toEqual(new Set([200]));
    await issuer.stop();
    expect([await statusOf(before), await statusOf(after)]).toEqual([200, 200]);
    await app.stop();
  });
});
