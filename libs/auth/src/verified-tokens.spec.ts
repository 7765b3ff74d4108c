import { generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { BearerAuthenticator } from './bearer.authenticator.js';
import { SigningKeys } from './signing-keys.js';

const issuer = 'https://issuer.example';
const audience = 'scheduled-scripts';
const refreshMillis = 1_000;

const newKey = () => generateKeyPairSync('ec', { namedCurve: 'P-256' });
const seconds = (): number => Math.floor(Date.now() / 1_000);

const [first, second] = [newKey(), newKey()];
const encoded = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const bearer = ({ sub = 'auth0|author', lasts = 300, key = first.privateKey } = {}): string => {
  const times = { nbf: seconds(), exp: seconds() + lasts };
  const claims = { iss: issuer, aud: audience, sub, org_id: 'org_demo', scope: 'script:view', ...times };
  const input = `${encoded({ alg: 'ES256', kid: 'first' })}.${encoded(claims)}`;
  return `Bearer ${input}.${sign('sha256', Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' }).toString('base64url')}`;
};

const atSeconds = (ahead: number): void => {
  const millis = Date.now() + ahead * 1_000;
  jest.spyOn(Date, 'now').mockImplementation(() => millis);
};

describe('a token that was found to be good', () => {
  let published: Record<string, KeyObject>;
  let clock: number;
  let server: Server;
  let authenticator: BearerAuthenticator;

  beforeEach(async () => {
    published = { first: first.publicKey };
    clock = 0;
    server = createServer((_request, response) => {
      response.end(JSON.stringify({ keys: Object.entries(published).map(([kid, key]) => ({ ...key.export({ format: 'jwk' }), kid })) }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    const jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const keys = new SigningKeys({ jwksUri, now: () => clock, refreshMillis, cooldownMillis: 0 });
    authenticator = new BearerAuthenticator({ issuer, audience, algorithms: ['ES256'], keys });
  });

  afterEach(async () => {
    jest.restoreAllMocks();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const codeOf = (authorization: string): Promise<unknown> =>
    authenticator.authenticate(authorization).then(
      () => 'accepted',
      ({ code }: { code: string }) => code,
    );
  /** The refresh runs beside the requests; a test that waits in vain runs into jest's own deadline. */
  const untilForgotten = async (token: string): Promise<void> => {
    while (authenticator.recall(token) !== undefined) await new Promise((resolve) => setImmediate(resolve));
  };

  it('is known from then on, and as the caller that it was', async () => {
    const [author, viewer] = [bearer(), bearer({ sub: 'auth0|viewer' })];
    expect(authenticator.recall(author)).toBeUndefined();
    const caller = await authenticator.authenticate(author);
    expect(authenticator.recall(author)).toBe(caller);
    expect(authenticator.recall(viewer)).toBeUndefined();
    await authenticator.authenticate(viewer);
    expect([authenticator.recall(author)?.sub, authenticator.recall(viewer)?.sub]).toEqual(['auth0|author', 'auth0|viewer']);
  });

  it('is known no longer than it is good, whatever was remembered', async () => {
    const token = bearer({ lasts: 60 });
    await authenticator.authenticate(token);
    // Clocks may differ by five seconds; whole ones count, and some time has passed since the token was made.
    atSeconds(60);
    expect(authenticator.recall(token)).toBeDefined();
    atSeconds(6);
    expect(authenticator.recall(token)).toBeUndefined();
    expect(await codeOf(token)).toBe('token_expired');
  });

  it('is not known while a clock that was put back says that it has not begun', async () => {
    const token = bearer();
    await authenticator.authenticate(token);
    atSeconds(-60);
    expect(authenticator.recall(token)).toBeUndefined();
    expect(await codeOf(token)).toBe('token_invalid');
  });

  it('is refused once the issuer has withdrawn its key', async () => {
    const token = bearer();
    await authenticator.authenticate(token);
    published = { second: second.publicKey };
    clock += refreshMillis;
    await untilForgotten(token);
    expect(await codeOf(token)).toBe('token_invalid');
  });

  it('is refused once its key is another one under the same name', async () => {
    const token = bearer();
    await authenticator.authenticate(token);
    published = { first: second.publicKey };
    clock += refreshMillis;
    await untilForgotten(token);
    expect(await codeOf(token)).toBe('token_invalid');
    expect(await codeOf(bearer({ key: second.privateKey }))).toBe('accepted');
  });

  it('is checked again after the keys have been asked for again, and is good still', async () => {
    const token = bearer();
    const caller = await authenticator.authenticate(token);
    clock += refreshMillis;
    await untilForgotten(token);
    expect(await authenticator.authenticate(token)).toEqual(caller);
    expect(authenticator.recall(token)).toEqual(caller);
  });

  it('says nothing for others that are like it', async () => {
    const token = bearer();
    await authenticator.authenticate(token);
    const [, payload = ''] = token.split('.');
    const another = token.replace(
      payload,
      payload.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A')),
    );
    for (const other of [another, `${token}x`, token.slice(0, -1), token.replace('Bearer', 'Basic'), undefined]) {
      expect(authenticator.recall(other)).toBeUndefined();
    }
  });

  it('is not one that was refused', async () => {
    const forged = bearer({ key: second.privateKey });
    expect(await codeOf(forged)).toBe('token_invalid');
    expect(authenticator.recall(forged)).toBeUndefined();
    expect(await codeOf(forged)).toBe('token_invalid');
  });
});
