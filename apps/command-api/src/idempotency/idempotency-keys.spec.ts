import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ApiError, createLogger } from '@scheduled-scripts/platform';
import { openDatabase, type Database } from '@scheduled-scripts/postgres';
import { createTestDatabase, type TestDatabase } from '@scheduled-scripts/postgres/testing';
import type { Presented } from '../http/presented.js';
import { IdempotencyKeys, type KeyedRequest, type ReservedId } from './idempotency-keys.js';
import { idempotencyMigrations } from './idempotency.migrations.js';

const logger = createLogger({ name: 'idempotency-keys.spec', level: 'silent' });
const aRequest = (over: Partial<KeyedRequest> = {}): KeyedRequest => ({
  organizationId: 'org_a',
  caller: 'auth0|author',
  route: 'POST /things',
  key: randomUUID(),
  requestSha256: 'a'.repeat(64),
  ...over,
});
const answerOf = ({ id }: ReservedId): Presented => ({ status: 201, headers: { ETag: '"1-x"' }, body: JSON.stringify({ id }) });
const gate = () => {
  let open!: () => void;
  const opened = new Promise<void>((resolve) => (open = resolve));
  return { opened, open };
};
const refuse = () => Promise.reject(new ApiError({ status: 422, type: 'invalid_request_error', code: 'refused', message: 'refused' }));
const make = (reserved: ReservedId) => Promise.resolve(answerOf(reserved));

describe('idempotency keys', () => {
  let test: TestDatabase;
  let database: Database;
  let keys: IdempotencyKeys;

  beforeAll(async () => {
    test = await createTestDatabase();
    database = await openDatabase({ url: test.url, schema: 'command_api', applicationName: 'idempotency-keys.spec' });
    await database.migrate(idempotencyMigrations);
    keys = new IdempotencyKeys({ database, logger });
  });

  afterAll(async () => {
    await database.close();
    await test.drop();
  });

  const age = ({ key }: KeyedRequest, by: string) =>
    database.query(
      `UPDATE idempotency_keys SET created_at = created_at - $2::interval, leased_until = leased_until - $2::interval WHERE key = $1`,
      [key, by],
    );

  it('give the first answer again', async () => {
    const request = aRequest();
    const first = await keys.once(request, make);
    let worked = 0;
    const again = await keys.once(request, (reserved) => {
      worked += 1;
      return make(reserved);
    });
    expect(again).toEqual(first);
    expect(worked).toBe(0);
  });

  it('are separate for each organization, caller and route', async () => {
    const request = aRequest();
    const bodies = new Set<string>();
    for (const over of [{}, { organizationId: 'org_b' }, { caller: 'auth0|other' }, { route: 'POST /others' }]) {
      bodies.add((await keys.once({ ...request, ...over }, make)).body);
    }
    expect(bodies.size).toBe(4);
  });

  it('refuse another body', async () => {
    const request = aRequest();
    await keys.once(request, make);
    await expect(keys.once({ ...request, requestSha256: 'b'.repeat(64) }, make)).rejects.toMatchObject({
      api: { code: 'idempotency_key_reused' },
    });
  });

  it('make a second request wait for the first, and give both one answer', async () => {
    const request = aRequest();
    let entered = 0;
    const slowly = async (reserved: ReservedId) => {
      entered += 1;
      await database.query('SELECT pg_sleep(0.2)');
      return answerOf(reserved);
    };
    const answers = await Promise.all([1, 2, 3].map(() => keys.once(request, slowly)));
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1);
    expect(entered).toBe(1);
  });

  it('refuse a second request when the first takes too long', async () => {
    const request = aRequest();
    const impatient = new IdempotencyKeys({ database, logger, waitMillis: 0 });
    const [entered, finished] = [gate(), gate()];
    const first = keys.once(request, async (reserved) => {
      entered.open();
      await finished.opened;
      return answerOf(reserved);
    });
    await entered.opened;
    await expect(impatient.once(request, make)).rejects.toMatchObject({ api: { code: 'idempotency_key_in_use' } });
    finished.open();
    expect((await first).status).toBe(201);
  });

  it('are free again after a refusal', async () => {
    const request = aRequest();
    await expect(keys.once(request, refuse)).rejects.toThrow('refused');
    expect((await keys.once({ ...request, requestSha256: 'b'.repeat(64) }, make)).status).toBe(201);
  });

  it('keep the id when nobody can tell what was done, and work on it again', async () => {
    const request = aRequest();
    const seen: ReservedId[] = [];
    const fail = (status: number) => (reserved: ReservedId) => {
      seen.push(reserved);
      return Promise.reject(new ApiError({ status, type: 'api_error', code: 'failed', message: 'failed' }));
    };
    await expect(keys.once(request, fail(503))).rejects.toThrow('failed');
    await expect(keys.once(request, fail(409))).rejects.toThrow('failed');
    await expect(keys.once({ ...request, requestSha256: 'b'.repeat(64) }, make)).rejects.toMatchObject({
      api: { code: 'idempotency_key_reused' },
    });
    const answer = await keys.once(request, make);
    expect(seen).toEqual([
      { id: seen[0]?.id, isRepeat: false },
      { id: seen[0]?.id, isRepeat: true },
    ]);
    expect(answer.body).toBe(JSON.stringify({ id: seen[0]?.id }));
  });

  it('hand the id of a dead request to the next', async () => {
    const request = aRequest();
    const dead = await new Promise<ReservedId>((resolve) => {
      void keys.once(request, (reserved) => {
        resolve(reserved);
        return new Promise(() => undefined);
      });
    });
    await age(request, '1 minute');
    expect(await keys.once(request, make)).toEqual(answerOf(dead));
  });

  it('are forgotten after a day', async () => {
    const [used, swept, kept] = [aRequest(), aRequest(), aRequest()];
    const first = await keys.once(used, make);
    await keys.once(swept, make);
    const keptAnswer = await keys.once(kept, make);
    await age(used, '24 hours');
    expect((await keys.once({ ...used, requestSha256: 'b'.repeat(64) }, make)).body).not.toBe(first.body);
    await age(swept, '24 hours');
    await age(kept, '23 hours');
    expect(await keys.sweep()).toBe(1);
    expect(await keys.once(kept, make)).toEqual(keptAnswer);
  });
});
