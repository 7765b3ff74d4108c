import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { BearerAuthenticator } from './bearer.authenticator.js';
import { SigningKeys, type SigningAlgorithm } from './signing-keys.js';
import { forgedTokens } from './testing/forged-tokens.js';
import { byEc, byRsa, Forge, seconds, without } from './testing/forge.js';
import { startListener, type Listener } from './testing/listener.js';

describe('a bearer token', () => {
  const server = createServer((_request, response) => response.end(JSON.stringify({ keys: forge.published })));
  let attacker: Listener;
  let forge: Forge;
  let authenticator: BearerAuthenticator;

  const authenticatorFor = (...algorithms: readonly SigningAlgorithm[]): BearerAuthenticator => {
    const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    // No cooldown: of the many invented kids below none shall wait.
    const keys = new SigningKeys({ jwksUri, now: () => performance.now(), cooldownMillis: 0 });
    return new BearerAuthenticator({ ...forge.options, algorithms, keys });
  };

  beforeAll(async () => {
    attacker = await startListener();
    forge = new Forge({
      issuer: 'https://issuer.example',
      audience: 'scheduled-scripts',
      claims: { sub: 'auth0|author', org_id: 'org_demo', scope: 'script:view' },
      attackerUrl: attacker.url,
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    authenticator = authenticatorFor('RS256', 'ES256');
  });

  afterAll(async () => {
    await attacker.stop();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const codeOf = (bearer: string): Promise<unknown> =>
    authenticator.authenticate(`Bearer ${bearer}`).then(
      () => 'accepted',
      ({ code }: { code: string }) => code,
    );

  it.each<readonly [string, () => string]>([
    ['with an elliptic key', () => forge.token()],
    ['with an RSA key', () => forge.token({ alg: 'RS256', kid: 'rsa' }, {}, byRsa(forge.keys.rsa.privateKey))],
    ['of type JWT', () => forge.token({ typ: 'JWT' })],
    ['of the full name of its type', () => forge.token({ typ: 'application/at+jwt' })],
    ['without a type', () => forge.token(without('typ'))],
    ['for several audiences', () => forge.token({}, { aud: ['billing', forge.options.audience] })],
    ['that ended within the tolerance of clocks', () => forge.token({}, { exp: seconds() - 2 })],
    ['that begins within it', () => forge.token({}, { nbf: seconds() + 2 })],
    ['with names that occur twice further in', () => forge.token({}, { a: { sub: ':', exp: [{ sub: '"' }] }, b: { sub: '}' } })],
    ['with claims that nobody knows', () => forge.token({}, { email: 'a@demo.example', 'https://claims.example/role': ['admin'] })],
    ['of somebody whose name has that of a service further in', () => forge.token({}, { sub: 'auth0|service:launcher' })],
    ['with letters of any script in its claims', () => forge.token({}, { sub: 'auth0|Ægir 漢', name: 'e\u0301' })],
  ])('is accepted %s', async (_name, make) => {
    expect(await codeOf(make())).toBe('accepted');
  });

  it('carries scopes as text, as a list, or as both', async () => {
    const token = forge.token({}, { scope: 'a  b', permissions: ['b', 'c'] });
    const caller = await authenticator.authenticate(`Bearer ${token}`);
    expect(caller).toEqual({ sub: 'auth0|author', organizationId: 'org_demo', scopes: ['a', 'b', 'c'], expiresAt: expect.any(Number) });
  });

  it.each(forgedTokens)('is refused: %s', async (_name, make, code) => {
    const token = make(forge);
    // Twice: what was refused is not remembered as good either.
    expect([await codeOf(token), await codeOf(token)]).toEqual([code, code]);
  });

  it('has been forged in many ways, each of its own', () => {
    const names = forgedTokens.map(([name]) => name);
    const tokens = new Set(forgedTokens.map(([, make]) => make(forge)));
    expect(names.length).toBeGreaterThanOrEqual(200);
    expect(new Set(names).size).toBe(names.length);
    expect(tokens.size).toBe(names.length);
  });

  it('makes nobody call where the forger would like', () => {
    expect(attacker.calls()).toBe(0);
  });

  it('is told to have expired only when it was good before', async () => {
    const stranger = byEc(forge.keys.strangerEs.privateKey);
    expect(await codeOf(forge.token({}, { exp: seconds() - 6 }, stranger))).toBe('token_invalid');
  });

  it('is good for an algorithm that is allowed only', async () => {
    const rsaOnly = authenticatorFor('RS256');
    await expect(rsaOnly.authenticate(`Bearer ${forge.token()}`)).rejects.toMatchObject({ code: 'token_invalid' });
  });

  it('says nothing of the reason to the client', async () => {
    const refused = authenticator.authenticate(`Bearer ${forge.token({}, { iss: 'https://other.example' })}`);
    const refusal = await refused.catch((error: unknown) => error);
    expect(JSON.stringify(refusal)).not.toMatch(/other|issuer\.example/);
  });
});
