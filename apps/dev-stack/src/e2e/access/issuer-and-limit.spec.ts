import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { byEc, issuerAilments, jwkOf } from '@scheduled-scripts/auth/testing';
import { createLogger, startService, type RunningService } from '@scheduled-scripts/platform';
import { queryApi } from '@scheduled-scripts/query-api';
import { variables } from '../../stack/services.js';
import { startAccessStage, type AccessStage } from './access-stage.js';
import type { Answer } from './http-client.js';
import { codeOf } from './ways.js';

jest.setTimeout(120_000);

let stage: AccessStage;
beforeAll(async () => {
  stage = await startAccessStage();
});
afterAll(() => stage.stop());

const get = (baseUrl: string, path: string, token: string): Promise<Answer> =>
  stage.client.send(baseUrl, { method: 'GET', path, headers: { authorization: `Bearer ${token}` } });

/** Both APIs, directly and through the gateway. */
const everywhere = (token: string): readonly Promise<Answer>[] => {
  const { baseUrl, commandApiUrl, queryApiUrl } = stage.connection;
  return [
    get(commandApiUrl, '/sites', token),
    get(queryApiUrl, '/scripts/scheduled', token),
    get(baseUrl, '/sites', token),
    get(baseUrl, '/scripts/scheduled', token),
  ];
};

const outcomesOf = async (answers: readonly Promise<Answer>[]): Promise<readonly string[]> => {
  const outcomes = (await Promise.all(answers)).map((answer) => `${answer.status} ${codeOf(answer) ?? ''}`.trim());
  return [...new Set(outcomes)].toSorted();
};

const many = (token: (n: number) => string): readonly Promise<Answer>[] =>
  Array.from({ length: 10 }, (_, n) => everywhere(token(n))).flat();

const statusesOf = (answers: readonly Answer[]): ReadonlySet<number> => new Set(answers.map(({ status }) => status));

/** A key that the issuer has not published yet. */
const newKey = (kid: string) => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const sign = byEc(privateKey);
  return { jwk: { ...jwkOf(publicKey), kid }, token: (n: number) => stage.forge.token({ kid }, { jti: `${kid}-${n}` }, sign) };
};

describe('the issuer', () => {
  it('turns its keys round and round, and no request is refused for it', async () => {
    let old = { jwk: stage.forge.published[0], token: (n: number) => stage.forge.token({}, { jti: String(n) }) };
    for (let round = 0; round < 5; round += 1) {
      const next = newKey(`round-${round}`);
      const before = many(old.token);
      stage.issuer.publish([...stage.forge.published, old.jwk, next.jwk]);
      expect(await outcomesOf([...before, ...many(next.token), ...many(old.token)])).toEqual(['200']);
      old = next;
    }
  });

  it.each(issuerAilments)('takes nobody along whose key is known: %s', async (ailment) => {
    const next = newKey(`after ${ailment}`.replaceAll(' ', '-'));
    expect(await outcomesOf(many((n) => stage.forge.token({}, { jti: `${ailment}-${n}` })))).toEqual(['200']);
    await stage.issuer.turn(ailment);
    stage.issuer.publish([...stage.forge.published, next.jwk]);
    const questions = stage.issuer.questions();
    const unknown = outcomesOf(many(next.token));
    expect(await outcomesOf(many((n) => stage.forge.token({}, { jti: `${ailment}-${n}-later` })))).toEqual(['200']);
    const ready = stage.services.map(({ url }) => stage.client.send(url, { method: 'GET', path: '/readyz' }));
    expect((await Promise.all(ready)).map(({ status }) => status)).toEqual([200, 200]);
    expect(await unknown).toEqual(['503 dependency_unavailable']);
    // Two services, each with a question under way and another for those who came during it.
    expect(stage.issuer.questions() - questions).toBeLessThanOrEqual(8);
    await stage.issuer.turn('well');
    expect(await outcomesOf([...many(next.token), ...many((n) => stage.forge.token({}, { jti: String(n) }))])).toEqual(['200']);
    expect(stage.attacker.calls()).toBe(0);
  });
});

describe('the limit of requests', () => {
  let limited: RunningService;
  beforeAll(async () => {
    const environment = { ...variables(stage.settings), RATE_LIMIT_PER_SECOND: '5' };
    limited = await startService(queryApi, environment, { port: 0, logger: createLogger({ name: queryApi.name, level: 'silent' }) });
  });
  afterAll(() => limited.stop());

  const flood = (token: (n: number) => string): Promise<readonly Answer[]> =>
    Promise.all(Array.from({ length: 100 }, (_, n) => get(limited.url, '/scripts/scheduled', token(n))));

  it('is the caller’s, by whatever token, and tells when to come back', async () => {
    const answers = await flood((n) => stage.forge.token({}, { jti: String(n) }));
    expect(statusesOf(answers)).toEqual(new Set([200, 429]));
    const refused = answers.filter(({ status }) => status === 429);
    expect(new Set(refused.map(({ body }) => body)).size).toBe(1);
    expect(JSON.parse(refused[0]?.body ?? '')).toEqual({
      type: 'rate_limit_error',
      code: 'too_many_requests',
      message: expect.any(String),
      doc_url: expect.stringMatching(/#too_many_requests$/),
    });
    expect(refused.filter(({ headers }) => !/^[1-9]\d*$/.test(headers['retry-after'] ?? ''))).toEqual([]);
  });

  it('of one caller is not another’s, nor that of those who are nobody', async () => {
    const { author, viewer } = stage.connection.tokens;
    const floods = [flood(() => author), flood((n) => `forged-${n}`)];
    expect((await get(limited.url, '/scripts/scheduled', viewer)).status).toBe(200);
    const [ofAuthor = [], ofNobody = []] = await Promise.all(floods);
    expect(statusesOf(ofAuthor).has(429)).toBe(true);
    expect(statusesOf(ofNobody)).toEqual(new Set([401, 429]));
    expect((await get(limited.url, '/scripts/scheduled', stage.connection.tokens.approver)).status).toBe(200);
    expect((await stage.client.send(limited.url, { method: 'GET', path: '/livez' })).status).toBe(200);
  });
});
