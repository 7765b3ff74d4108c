import { generateKeyPairSync } from 'node:crypto';
import { EventEmitter, once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SigningKeys, type SigningKeysOptions } from './signing-keys.js';

const keyNamed = (kid: string) => ({
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' }),
  kid,
});

/** Yields to the event loop until it is so; a test that waits in vain runs into jest's own deadline. */
const until = async (isSo: () => boolean): Promise<void> => {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
};

describe('the keys of an issuer', () => {
  let server: Server;
  let jwksUri: string;
  let clock: number;
  let questions: number;
  let answer: () => string | number;
  let beforeAnswer: () => Promise<void>;

  beforeEach(async () => {
    clock = 0;
    questions = 0;
    answer = () => JSON.stringify({ keys: [keyNamed('first')] });
    beforeAnswer = async () => {};
    server = createServer((_request, response) => {
      questions += 1;
      const now = answer();
      void beforeAnswer().then(() => (typeof now === 'string' ? response.end(now) : response.writeHead(now).end()));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()));
    jwksUri = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  });

  const keysWith = (options: Partial<SigningKeysOptions> = {}) =>
    new SigningKeys({ jwksUri, now: () => clock, cooldownMillis: 0, timeoutMillis: 5_000, ...options });

  it('are asked for once, whatever the number of requests', async () => {
    const keys = keysWith();
    const found = await Promise.all(Array.from({ length: 50 }, () => keys.find('first', 'ES256')));
    expect(found.every((key) => key !== undefined)).toBe(true);
    await keys.find('first', 'ES256');
    expect(questions).toBe(1);
  });

  it('are asked for at once when a token names a new one', async () => {
    const keys = keysWith();
    await keys.find('first', 'ES256');
    answer = () => JSON.stringify({ keys: [keyNamed('first'), keyNamed('second')] });
    expect(await keys.find('second', 'ES256')).toBeDefined();
    expect(await keys.find('first', 'ES256')).toBeDefined();
  });

  it('are asked for anew when the question under way was asked before the rotation', async () => {
    const keys = keysWith();
    const gate = new EventEmitter();
    const opened = once(gate, 'open');
    beforeAnswer = async () => void (await opened);
    const old = keys.find('unknown', 'ES256');
    await until(() => questions === 1);
    answer = () => JSON.stringify({ keys: [keyNamed('second')] });
    const rotated = keys.find('second', 'ES256');
    gate.emit('open');
    expect(await old).toBeUndefined();
    expect(await rotated).toBeDefined();
  });

  it('cost the issuer one question a cooldown, whatever a flood invents', async () => {
    clock = 1_000;
    const keys = keysWith({ cooldownMillis: 50 });
    await keys.find('first', 'ES256');
    const flood = await Promise.all(Array.from({ length: 500 }, (_, i) => keys.find(`invented-${i}`, 'ES256')));
    expect(flood.every((key) => key === undefined)).toBe(true);
    expect(questions).toBe(2);
  });

  it.each([
    ['is down', 503],
    ['sends no JSON', '<html>'],
    ['sends no keys', '{"keys":[]}'],
    ['sends something else', '{"error":"no"}'],
    ['sends far too much', JSON.stringify({ keys: [], padding: 'x'.repeat(300_000) })],
  ])('go on to be good while the issuer %s', async (_name, broken) => {
    const keys = keysWith({ refreshMillis: 10 });
    await keys.find('first', 'ES256');
    answer = () => broken;
    clock = 1_000;
    expect(await keys.find('first', 'ES256')).toBeDefined();
    await until(() => questions === 2);
    expect(await keys.find('first', 'ES256')).toBeDefined();
    await expect(keys.find('other', 'ES256')).rejects.toMatchObject({ code: 'dependency_unavailable', api: { status: 503 } });
  });

  it('are not believed for ever while the issuer does not answer', async () => {
    const keys = keysWith({ maxAgeMillis: 10_000 });
    await keys.find('first', 'ES256');
    answer = () => 503;
    clock = 10_000;
    await expect(keys.find('first', 'ES256')).rejects.toMatchObject({ code: 'dependency_unavailable' });
  });

  it('are gone after the issuer has withdrawn them', async () => {
    const keys = keysWith({ refreshMillis: 10 });
    await keys.find('first', 'ES256');
    answer = () => JSON.stringify({ keys: [keyNamed('second')] });
    clock = 1_000;
    // The first one to notice is still served, and has the issuer asked.
    await keys.find('first', 'ES256');
    expect(await keys.find('second', 'ES256')).toBeDefined();
    expect(await keys.find('first', 'ES256')).toBeUndefined();
  });

  it('are not waited for without end', async () => {
    const keys = keysWith({ timeoutMillis: 50 });
    beforeAnswer = () => new Promise(() => {});
    await expect(keys.find('first', 'ES256')).rejects.toMatchObject({ code: 'dependency_unavailable' });
  });

  it('are not fetched from where the issuer sends us', async () => {
    const keys = keysWith();
    answer = () => 302;
    await expect(keys.find('first', 'ES256')).rejects.toMatchObject({ code: 'dependency_unavailable' });
    expect(questions).toBe(1);
  });
});
