import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startCommandApi, statusesOf, type Answer, type CallOptions, type TestApi } from '../../testing/command-api.fixture.js';

const path = '/scripts/scheduled';
const idOf = (answer: Answer) => String(answer.json['id']);

describe('POST /scripts/scheduled with an Idempotency-Key', () => {
  let api: TestApi;

  beforeAll(async () => {
    api = await startCommandApi();
  });

  afterAll(() => api.stop());

  const post = (key: string, body: unknown, options: CallOptions = {}): Promise<Answer> =>
    api.call('POST', path, { body, ...options, headers: { 'Idempotency-Key': key } });
  /** As if the process had died there: its lease is over, and no answer was recorded. */
  const crashed = (key: string) =>
    api.database.query(`UPDATE idempotency_keys SET answer = NULL, leased_until = clock_timestamp() WHERE key = $1`, [key]);

  it('gives the stored answer again, byte for byte', async () => {
    const key = randomUUID();
    const first = await post(key, api.aScript());
    const before = await api.rowCounts();
    const again = await post(key, api.aScript());
    expect(again.text).toBe(first.text);
    expect([again.status, again.headers.get('etag'), again.headers.get('location')]).toEqual([
      201,
      first.headers.get('etag'),
      first.headers.get('location'),
    ]);
    expect(await api.rowCounts()).toEqual(before);
  });

  it('takes the same body with its fields in another order for the same', async () => {
    const key = randomUUID();
    const first = await post(key, api.aScript());
    const again = await post(key, Object.fromEntries(Object.entries(api.aScript()).toReversed()));
    expect([again.status, again.text]).toEqual([201, first.text]);
  });

  it('refuses another body under the same key, also one that means nothing', async () => {
    const key = randomUUID();
    await post(key, api.aScript());
    const before = await api.rowCounts();
    for (const body of [api.aScript({ description: 'Another' }), { description: '' }]) {
      expect(await post(key, body)).toMatchObject({ status: 409, json: { code: 'idempotency_key_reused', type: 'conflict_error' } });
    }
    expect(await api.rowCounts()).toEqual(before);
  });

  it('makes one script of many requests at once', async () => {
    const key = randomUUID();
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(key, api.aScript())));
    expect(statusesOf(answers)).toEqual(Array.from({ length: 8 }, () => 201));
    expect(new Set(answers.map(idOf)).size).toBe(1);
  });

  it('keeps the keys of callers and organizations apart', async () => {
    const key = randomUUID();
    const ids = [idOf(await post(key, api.aScript())), idOf(await post(key, api.aScript(), { as: 'writer' }))];
    ids.push(idOf(await post(key, api.aScript({ sites: [api.foreignSite] }), { as: 'stranger' })));
    expect(new Set(ids).size).toBe(3);
  });

  it('goes on with the reserved id after a crash before the append', async () => {
    const [key, reserved] = [randomUUID(), randomUUID()];
    const first = await post(key, api.aScript());
    // The same key and body of another caller, of whom only the reservation was committed.
    await api.database.query(
      `INSERT INTO idempotency_keys (organization_id, caller, route, key, request_sha256, reserved_id, owner, leased_until)
       SELECT organization_id, 'auth0|writer', route, key, request_sha256, $2, owner, clock_timestamp() FROM idempotency_keys WHERE key = $1`,
      [key, reserved],
    );
    const answer = await post(key, api.aScript(), { as: 'writer' });
    expect([answer.status, idOf(answer)]).toEqual([201, reserved]);
    expect(idOf(first)).not.toBe(reserved);
    expect(await api.eventsOf(reserved)).toHaveLength(1);
  });

  it('finds what was made before a crash after the append', async () => {
    const key = randomUUID();
    const first = await post(key, api.aScript());
    await crashed(key);
    const again = await post(key, api.aScript());
    expect(again.text).toBe(first.text);
    expect(await api.eventsOf(idOf(first))).toHaveLength(1);
    expect((await post(key, api.aScript())).text).toBe(again.text);
  });

  it('answers after a crash from what the script has become', async () => {
    const key = randomUUID();
    const id = idOf(await post(key, api.aScript()));
    await crashed(key);
    await api.call('PUT', `${path}/${id}`, { body: api.aScript({ description: 'Changed since' }) });
    const again = await post(key, api.aScript());
    expect(again).toMatchObject({ status: 201, json: { id, description: 'Changed since' } });
    expect(again.headers.get('etag')).toMatch(/^"2-/);
  });

  it('makes one script when a paused request and its repeat work at once', async () => {
    const key = randomUUID();
    const first = post(key, api.aScript());
    const repeats: Promise<Answer>[] = [];
    for (let count = 0; count < 5; count += 1) {
      await crashed(key);
      repeats.push(post(key, api.aScript()));
    }
    const answers = await Promise.all([first, ...repeats]);
    expect(statusesOf(answers)).toEqual([201, 201, 201, 201, 201, 201]);
    expect(new Set(answers.map(idOf)).size).toBe(1);
    expect(await api.eventsOf(idOf(answers[0] ?? (await first)))).toHaveLength(1);
  });

  it('leaves the key free after a refusal', async () => {
    const key = randomUUID();
    const before = await api.rowCounts();
    expect((await post(key, { description: '' })).status).toBe(422);
    expect((await post(key, api.aScript({ sites: [api.foreignSite] }))).json['code']).toBe('unknown_site');
    expect(await api.rowCounts()).toEqual(before);
    expect((await post(key, api.aScript())).status).toBe(201);
  });

  it('says that the first is still running', async () => {
    const key = randomUUID();
    await post(key, api.aScript());
    await api.database.query(`UPDATE idempotency_keys SET answer = NULL, leased_until = 'infinity' WHERE key = $1`, [key]);
    const answer = await post(key, api.aScript());
    expect(answer).toMatchObject({ status: 409, json: { code: 'idempotency_key_in_use', type: 'conflict_error' } });
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it.each(['a b', 'ü', 'x'.repeat(256), ' '])('refuses the key %j as malformed', async (key) => {
    const answer = await api.call('POST', path, {
      body: api.aScript(),
      headers: { 'Idempotency-Key': encodeURI(key) === key ? key : '\u00fc' },
    });
    expect(answer).toMatchObject({ status: 400, json: { code: 'parameter_invalid', param: 'Idempotency-Key' } });
  });
});
